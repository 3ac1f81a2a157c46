import { MoonpoolError } from '../../../errors/moonpool-error';
import { canonicalText } from './canonical-text';
import type { RecordedOperation } from './history';

/** What a checker says of a history. `unknown` means that the search was given up: it is no success. */
export interface Verdict {
  readonly kind: 'holds' | 'violated' | 'unknown';
  /** The property that was looked at, such as `linearizable`. */
  readonly property: string;
  /** What was found: a sentence without its full stop. */
  readonly description: string;
  /** The operations that show it, as few as were found to be enough; empty when the property holds. */
  readonly evidence: readonly RecordedOperation[];
}

/** How many operations a message quotes at most. */
const QUOTED = 20;

export function holds(property: string, description: string): Verdict {
  return { kind: 'holds', property, description, evidence: [] };
}

export function violated(property: string, description: string, evidence: readonly RecordedOperation[] = []): Verdict {
  return { kind: 'violated', property, description, evidence };
}

export function undecided(property: string, description: string, evidence: readonly RecordedOperation[] = []): Verdict {
  return { kind: 'unknown', property, description, evidence };
}

/** Throws unless all verdicts are good. @throws MoonpoolError HISTORY_VIOLATED, HISTORY_UNDECIDED */
export function requireHolds(...verdicts: readonly Verdict[]): void {
  const bad = verdicts.find(({ kind }) => kind === 'violated') ?? verdicts.find(({ kind }) => kind === 'unknown');
  if (bad === undefined) return;
  throw new MoonpoolError(bad.kind === 'violated' ? 'HISTORY_VIOLATED' : 'HISTORY_UNDECIDED', {
    message: describeVerdict(bad),
  });
}

/** A verdict with its evidence, one operation a line. */
export function describeVerdict({ property, kind, description, evidence }: Verdict): string {
  const what =
    kind === 'holds'
      ? `The history is ${property}`
      : kind === 'violated'
        ? `The history is not ${property}`
        : `Nobody knows whether the history is ${property}`;
  // The last ones matter most: what came before them was in order.
  const quoted = evidence.slice(-QUOTED).map((operation) => `\n  ${describeOperation(operation)}`);
  const left = evidence.length - quoted.length;
  return `${what}: ${description}${left > 0 ? `\n  (${left} earlier operations)` : ''}${quoted.join('')}`;
}

/** An operation as a readable line. */
export function describeOperation({
  index,
  client,
  operation,
  key,
  argument,
  outcome,
  result,
  invokedAt,
  completedAt,
  invokedAtMs,
  reason,
}: RecordedOperation): string {
  const ended =
    outcome === 'ok'
      ? `= ${canonicalText(result)}`
      : `${outcome}${reason === undefined ? '' : ` (${reason.split('\n')[0]})`}`;
  const span = `[${invokedAt}, ${Number.isFinite(completedAt) ? completedAt : '...'}]`;
  return `#${index} ${client} ${operation}(${argument === undefined ? '' : canonicalText(argument)}) of ${key} ${ended} ${span} at ${invokedAtMs.toFixed(1)} ms`;
}
