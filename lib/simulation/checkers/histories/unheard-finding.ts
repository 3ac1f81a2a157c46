import { isError, messageOf, partOf } from '../../../errors/thrown-value';
import { describeVerdict, type Verdict } from './verdict';

/** What somebody has found and gives back, where it is heard only if it is thrown. */
export interface UnheardFinding {
  /** What follows the name of who gave it back: `returned false, and should throw`. */
  readonly words: string;
  readonly cause?: unknown;
}

/**
 * What a test, a check or an invariant gives back goes nowhere. So one that gives back `false`, an error, or a verdict that is no good,
 * has found something of which nobody would hear. Undefined when it says nothing of that kind.
 */
export function unheardFinding(answer: unknown): UnheardFinding | undefined {
  if (answer === false) return { words: 'returned false, and should throw' };
  for (const found of Array.isArray(answer) ? (answer as readonly unknown[]) : [answer]) {
    if (isError(found)) return { words: `returned an error, and should throw it: ${messageOf(found)}`, cause: found };
    if (isVerdict(found) && found.kind !== 'holds')
      return { words: `returned a verdict, and should give it to requireHolds: ${describeVerdict(found)}` };
  }
  return undefined;
}

function isVerdict(value: unknown): value is Verdict {
  return (
    ['holds', 'violated', 'unknown'].includes(partOf(value, 'kind') as string) &&
    typeof partOf(value, 'property') === 'string' &&
    typeof partOf(value, 'description') === 'string' &&
    Array.isArray(partOf(value, 'evidence'))
  );
}
