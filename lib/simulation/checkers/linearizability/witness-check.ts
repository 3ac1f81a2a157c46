import { count } from '../../../options/option-kind';
import { optionTable } from '../../../options/option-table';
import { canonicalText } from '../histories/canonical-text';
import { groupByKey, type RecordedOperation } from '../histories/history';
import type { Model } from './model';
import { holds, undecided, violated, type Verdict } from '../histories/verdict';
import { searchWitnesses } from './witness-search';
import { compareWitnesses, inOrderOfTurns, straysOf, type WitnessedOperation } from './witness-ways';

/** How hard is looked for what operations with unknown outcome have done. */
export interface WitnessOptions {
  /** How many steps may be tried without getting one operation further, before it is given up. Default: 200,000. */
  readonly maxSteps?: number;
}

export const WITNESS_OPTIONS = optionTable<WitnessOptions>({ maxSteps: count(1) });

const PROPERTY = 'as its witnesses say';
const DEFAULT_MAX_STEPS = 200_000;

/**
 * Whether the turns that the replies name, taken in their order, do what the model says, and whether that order agrees with the
 * order in which clients saw things: linear time, for histories that no search can take in. Every operation that is `ok` needs a
 * witness of a persisted actor. Versions that no reply names are writes whose outcome nobody learned: they are filled with
 * operations of unknown outcome, in the first way that fits.
 */
export function checkWitnesses<S>(
  operations: readonly RecordedOperation[],
  model: Model<S>,
  options: WitnessOptions = {},
): Verdict {
  WITNESS_OPTIONS.check('checkWitnesses', options);
  const { maxSteps = DEFAULT_MAX_STEPS } = options;
  let given: Verdict | undefined;
  for (const [key, ofKey] of groupByKey(operations)) {
    const bare = ofKey.find(({ outcome, witness }) => outcome === 'ok' && witness === undefined);
    if (bare !== undefined)
      return undecided(PROPERTY, `the answer to ${bare.operation} of '${key}' came without a witness`, [bare]);
    const witnessed = inOrderOfTurns(ofKey);
    const found = checkRealTime(key, witnessed) ?? replay(key, witnessed, ofKey, model, maxSteps);
    if (found?.kind === 'violated') return found;
    given ??= found;
  }
  return (
    given ??
    holds(PROPERTY, `${operations.length} operations fit the model '${model.name}' in the order of their turns`)
  );
}

/** What ended before another operation began has an earlier turn, and no two operations have the same one. */
function checkRealTime(key: string, inOrder: readonly WitnessedOperation[]): Verdict | undefined {
  let latest: WitnessedOperation | undefined;
  let previous: WitnessedOperation | undefined;
  for (const operation of inOrder) {
    if (previous !== undefined && compareWitnesses(previous.witness, operation.witness) === 0) {
      return violated(
        PROPERTY,
        `two operations on '${key}' name the turn ${operation.witness.turn} of epoch ${operation.witness.epoch}`,
        [previous, operation],
      );
    }
    if (previous !== undefined && operation.witness.version < previous.witness.version) {
      const { version } = operation.witness;
      return violated(PROPERTY, `the version of '${key}' went back from ${previous.witness.version} to ${version}`, [
        previous,
        operation,
      ]);
    }
    // The one of the earlier turns that was invoked last: if even that began before this one ended, all did.
    if (latest !== undefined && latest.invokedAt > operation.completedAt) {
      return violated(
        PROPERTY,
        `on '${key}', operation #${operation.index} had ended before #${latest.index} began, and has the later turn`,
        [operation, latest],
      );
    }
    if (latest === undefined || operation.invokedAt > latest.invokedAt) latest = operation;
    previous = operation;
  }
  return undefined;
}

function replay<S>(
  key: string,
  inOrder: readonly WitnessedOperation[],
  all: readonly RecordedOperation[],
  model: Model<S>,
  maxSteps: number,
): Verdict | undefined {
  const strays = straysOf(all, model);
  const found = searchWitnesses(inOrder, strays, model, maxSteps);
  if (found.kind === 'found') return undefined;
  const operation = inOrder[found.position] as WitnessedOperation;
  if (found.kind === 'gave-up') {
    return undecided(
      PROPERTY,
      `how the ${strays.length} unknown outcomes on '${key}' fit was given up after ${maxSteps} steps`,
      [operation],
    );
  }
  const reason =
    found.answers.length === 0
      ? `version ${operation.witness.version} of '${key}' has more writes before it than were asked for`
      : `in its turn, ${operation.operation} of '${key}' must be answered ${found.answers.join(' or ')} and was answered ${canonicalText(operation.result)}`;
  return violated(PROPERTY, reason, [...lastWrites(inOrder, found.position, model), operation]);
}

/** The write before the position, and what was read since: enough to see what the state was. */
function lastWrites<S>(
  inOrder: readonly WitnessedOperation[],
  position: number,
  model: Model<S>,
): readonly RecordedOperation[] {
  let from = position - 1;
  while (from > 0 && model.isRead?.(inOrder[from] as WitnessedOperation) === true) from--;
  return inOrder.slice(Math.max(0, from), position);
}
