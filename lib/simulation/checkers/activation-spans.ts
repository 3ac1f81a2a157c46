import { holds, violated, type Verdict } from './histories/verdict';

/** The time in which an activation took turns, as its node has noted it. */
export interface ActivationSpan {
  readonly actor: string;
  readonly activation: string;
  readonly node: string;
  /** The epoch of its claim; undefined or 0 for actors without state. */
  readonly epoch?: number;
  /** When its first turn began; all spans are measured by one clock. */
  readonly beganAt: number;
  /** When it could take no turn any more; undefined when it still can. */
  readonly endedAt?: number;
}

const PROPERTY = 'one of single activations';

/** Whether no two activations of one actor took turns at the same time, and later ones have greater epochs. n log n. */
export function checkSingleActivation(spans: readonly ActivationSpan[]): Verdict {
  const latest = new Map<string, ActivationSpan>();
  for (const span of [...spans].sort((a, b) => a.beganAt - b.beganAt)) {
    const before = latest.get(span.actor);
    if (before !== undefined) {
      const beforeEnd = before.endedAt ?? Number.POSITIVE_INFINITY;
      if (span.beganAt < beforeEnd) {
        return violated(
          PROPERTY,
          `${describe(span)} began at ${span.beganAt} while ${describe(before)} took turns until ${before.endedAt ?? 'the end'}`,
        );
      }
      if ((before.epoch ?? 0) > 0 && (span.epoch ?? 0) <= (before.epoch ?? 0)) {
        return violated(
          PROPERTY,
          `${describe(span)} came after ${describe(before)} and has no greater epoch: ${span.epoch} after ${before.epoch}`,
        );
      }
    }
    // Whoever ends last can overlap with what comes; so far nobody overlaps, so that is the one that began last.
    latest.set(span.actor, span);
  }
  return holds(PROPERTY, `${spans.length} activations of ${latest.size} actors`);
}

function describe({ activation, actor, node }: ActivationSpan): string {
  return `the activation ${activation} of ${actor} on ${node}`;
}
