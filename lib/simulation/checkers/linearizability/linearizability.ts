import { count } from '../../../options/option-kind';
import { optionTable } from '../../../options/option-table';
import { canonicalText } from '../histories/canonical-text';
import { groupByKey, type RecordedOperation } from '../histories/history';
import type { Model } from './model';
import { searchLinearization } from './linearization-search';
import { holds, undecided, violated, type Verdict } from '../histories/verdict';

/** How hard is looked for a linearization. */
export interface LinearizabilityOptions {
  /** How many steps of the model may be tried for each key. Default: 1,000,000. */
  readonly maxSteps?: number;
}

export const LINEARIZABILITY_OPTIONS = optionTable<LinearizabilityOptions>({ maxSteps: count(1) });

const PROPERTY = 'linearizable';
const DEFAULT_MAX_STEPS = 1_000_000;

/**
 * Whether each operation may have happened at one instant between its invocation and its end, as the model says: a search by J.
 * Wing and C. Gong (1993), with the memory of G. Lowe (2017). Keys are searched apart, which decides the same (M. Herlihy and J.
 * Wing, 1990: linearizability is local) and costs far less (the P-compositionality of A. Horn and D. Kroening, 2015). An operation
 * with unknown outcome may have happened at any time after its invocation, or never.
 */
export function checkLinearizable<S>(
  operations: readonly RecordedOperation[],
  model: Model<S>,
  options: LinearizabilityOptions = {},
): Verdict {
  LINEARIZABILITY_OPTIONS.check('checkLinearizable', options);
  const { maxSteps = DEFAULT_MAX_STEPS } = options;
  let steps = 0;
  let given: Verdict | undefined;
  for (const [key, ofKey] of groupByKey(operations)) {
    const found = searchLinearization(ofKey, model, maxSteps);
    steps += found.steps;
    if (found.kind === 'none') return explain(key, ofKey, model, maxSteps);
    if (found.kind === 'gave-up') {
      given ??= undecided(
        PROPERTY,
        `the search over ${ofKey.length} operations of '${key}' was given up after ${maxSteps} steps`,
        found.stuckAt,
      );
    }
  }
  return (
    given ?? holds(PROPERTY, `${operations.length} operations fit the model '${model.name}'; ${steps} steps were tried`)
  );
}

/** Finds the first operation whose end made the history wrong, and leaves out reads that do not matter. */
function explain<S>(key: string, operations: readonly RecordedOperation[], model: Model<S>, maxSteps: number): Verdict {
  const fails = (candidate: readonly RecordedOperation[]) =>
    searchLinearization(candidate, model, maxSteps).kind === 'none';
  const ends = operations.filter(({ outcome }) => outcome === 'ok').sort((a, b) => a.completedAt - b.completedAt);
  // A longer prefix of a wrong history is wrong too, so the first wrong one can be found by halving.
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fails(prefixOf(operations, (ends[middle] as RecordedOperation).completedAt))) high = middle;
    else low = middle + 1;
  }
  const culprit = ends[low] as RecordedOperation;
  let evidence = prefixOf(operations, culprit.completedAt);
  // Without a read, a history that can be linearized still can: so what is wrong without it is wrong with it.
  for (const operation of evidence.filter(
    (candidate) => candidate.index !== culprit.index && model.isRead?.(candidate) === true,
  )) {
    const shorter = evidence.filter((candidate) => candidate !== operation);
    if (fails(shorter)) evidence = shorter;
  }
  const shown = operations.filter(({ index }) => evidence.some((kept) => kept.index === index));
  const description = `no order of the operations on '${key}' lets ${culprit.client} be told ${canonicalText(culprit.result)} by ${culprit.operation}, operation #${culprit.index}`;
  return violated(PROPERTY, description, shown);
}

/** The history as it was known at that moment: what had not ended then has an unknown outcome. */
function prefixOf(operations: readonly RecordedOperation[], until: number): readonly RecordedOperation[] {
  return operations
    .filter(({ invokedAt, outcome }) => invokedAt < until && outcome !== 'failed')
    .map((operation) =>
      operation.completedAt <= until
        ? operation
        : { ...operation, outcome: 'unknown', result: undefined, completedAt: Number.POSITIVE_INFINITY },
    );
}
