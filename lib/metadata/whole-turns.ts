import type { Constructor } from '../injection/token';
import type { ActorOptions } from './actor-record';
import type { Say } from './declaration-check';
import { handlerRecordsOf, interleavingMethodsOf, reentrancyOf } from './metadata-store';

/**
 * True when each turn of the class is written, and undone, by itself. Then a turn that may change something has the actor to itself:
 * whatever would let another one begin before it has ended is refused, by the words of {@link refusedOverlap}.
 */
export function hasWholeTurns({ persist }: Pick<ActorOptions, 'persist'>): boolean {
  return persist === 'after-turn';
}

/** Why something is refused in a class that {@link hasWholeTurns}. @param overlap what would let turns overlap, as in `is reentrant`. */
export function refusedOverlap(overlap: string): string {
  return `is declared with persist: 'after-turn' and ${overlap}: a turn that overlaps others cannot be written, or undone, by itself`;
}

/** What the class itself declares by which its turns could overlap; timers that its actors start are looked at when that happens. */
export function checkWholeTurns(options: ActorOptions, type: Constructor<object>, say: Say): void {
  if (!hasWholeTurns(options)) return;
  const overlaps = options.reentrant ?? reentrancyOf(type) ?? false;
  const interleaving = new Set(interleavingMethodsOf(type));
  const first = handlerRecordsOf(type).find(
    ({ method, options: of }) => of?.alwaysInterleave === true || interleaving.has(method),
  );
  if (overlaps === false && first === undefined) return;
  const overlap = first === undefined ? 'is reentrant' : `has the interleaving handler '${first.method}'`;
  say(`${refusedOverlap(overlap)}. Use persist: 'explicit', or mark what changes nothing as readOnly.`);
}
