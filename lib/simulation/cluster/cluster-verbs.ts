import { eventKind } from '../engine/event-queue';
import type { NodeLife } from '../engine/node-life';
import { bothWays } from '../network/partition-rule';
import type { SimulatedWorld } from './simulated-world';

/** The events that a test brings about. */
export const VERB = eventKind('test');

/** Lets it happen as an event of its own: a test speaks from a promise job, in the middle of what others are doing. */
export function asEvent({ engine }: SimulatedWorld, life: NodeLife, verb: () => void): Promise<void> {
  return new Promise<void>((resolve) => {
    engine.schedule(0, VERB, life, () => {
      verb();
      resolve();
    });
  });
}

/** Keeps two groups of machines apart, by their names. @param forMs for how long; until everything is healed by default. */
export function separate({ engine, partitions }: SimulatedWorld, some: readonly string[], others: readonly string[], forMs?: number): void {
  engine.record(undefined, 'partition', { some: some.join(' '), others: others.join(' ') });
  const end = partitions.block(bothWays(some, others));
  if (forMs !== undefined) engine.schedule(forMs, VERB, undefined, end);
}
