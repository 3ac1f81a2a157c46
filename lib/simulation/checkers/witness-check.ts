import { canonicalText } from './canonical-text';
import { groupByKey, type OperationWitness, type RecordedOperation } from './history';
import type { Model } from './model';
import { holds, undecided, violated, type Verdict } from './verdict';

/** How the witness check treats operations whose outcome is unknown. */
export interface WitnessOptions {
  /**
   * In how many ways the operations with unknown outcome may be fitted into the gaps between witnesses, before it is given up.
   * Default: 1,000.
   */
  readonly maxBranches?: number;
}

type Witnessed = RecordedOperation & { readonly witness: OperationWitness };

/** One way in which everything so far may have happened. */
interface Branch<S> {
  readonly state: S;
  /** The numbers of the operations with unknown outcome that took effect, in their order. */
  readonly used: readonly number[];
}

const PROPERTY = 'as its witnesses say';
const DEFAULT_MAX_BRANCHES = 1_000;

/**
 * Whether the turns that the replies name, taken in their order, do what the model says, and whether that order agrees with the
 * order in which clients saw things: linear time, for histories that no search can take in. Every operation that is `ok` needs a
 * witness of a persisted actor. Versions that no reply names are writes whose outcome nobody learned: they are filled with
 * operations of unknown outcome, in every way that fits.
 */
export function checkWitnesses<S>(operations: readonly RecordedOperation[], model: Model<S>, options: WitnessOptions = {}): Verdict {
  const { maxBranches = DEFAULT_MAX_BRANCHES } = options;
  let given: Verdict | undefined;
  for (const [key, ofKey] of groupByKey(operations)) {
    const bare = ofKey.find(({ outcome, witness }) => outcome === 'ok' && witness === undefined);
    if (bare !== undefined) return undecided(PROPERTY, `the answer to ${bare.operation} of '${key}' came without a witness`, [bare]);
    const witnessed = ofKey.filter(isWitnessed).sort((a, b) => compareWitnesses(a.witness, b.witness));
    const found = checkRealTime(key, witnessed) ?? replay(key, witnessed, ofKey, model, maxBranches);
    if (found?.kind === 'violated') return found;
    given ??= found;
  }
  return given ?? holds(PROPERTY, `${operations.length} operations fit the model '${model.name}' in the order of their turns`);
}

/** The order of turns: by epoch of the activation, then by number. */
export function compareWitnesses(a: OperationWitness, b: OperationWitness): number {
  return a.epoch - b.epoch || a.turn - b.turn;
}

function isWitnessed(operation: RecordedOperation): operation is Witnessed {
  return operation.outcome === 'ok' && operation.witness !== undefined;
}

/** What ended before another operation began has an earlier turn, and no two operations have the same one. */
function checkRealTime(key: string, inOrder: readonly Witnessed[]): Verdict | undefined {
  let latest: Witnessed | undefined;
  let previous: Witnessed | undefined;
  for (const operation of inOrder) {
    if (previous !== undefined && compareWitnesses(previous.witness, operation.witness) === 0) {
      return violated(PROPERTY, `two operations on '${key}' name the turn ${operation.witness.turn} of epoch ${operation.witness.epoch}`, [previous, operation]);
    }
    if (previous !== undefined && operation.witness.version < previous.witness.version) {
      const { version } = operation.witness;
      return violated(PROPERTY, `the version of '${key}' went back from ${previous.witness.version} to ${version}`, [previous, operation]);
    }
    // The one of the earlier turns that was invoked last: if even that began before this one ended, all did.
    if (latest !== undefined && latest.invokedAt > operation.completedAt) {
      return violated(PROPERTY, `on '${key}', operation #${operation.index} had ended before #${latest.index} began, and has the later turn`, [operation, latest]);
    }
    if (latest === undefined || operation.invokedAt > latest.invokedAt) latest = operation;
    previous = operation;
  }
  return undefined;
}

function replay<S>(key: string, inOrder: readonly Witnessed[], all: readonly RecordedOperation[], model: Model<S>, maxBranches: number): Verdict | undefined {
  const strays = all.filter((operation) => operation.outcome === 'unknown' && model.isRead?.(operation) !== true);
  const keyOf = model.stateKey?.bind(model) ?? canonicalText;
  let branches: readonly Branch<S>[] = [{ state: model.initial, used: [] }];
  let version = 0;
  for (const [position, operation] of inOrder.entries()) {
    const { version: reached } = operation.witness;
    const isRead = model.isRead?.(operation) === true;
    const wanted = canonicalText(operation.result);
    const next: Branch<S>[] = [];
    const answers = new Set<string>();
    for (let written = version; ; written++) {
      // Of the versions up to this one, the operation has written the last or none.
      const mayHaveWritten = written === reached - 1 && !isRead;
      for (const { state, used } of mayHaveWritten || written === reached ? branches : []) {
        const { state: after, result } = model.step(state, operation);
        answers.add(canonicalText(result));
        const fits = written === version || mayHaveWritten || keyOf(after) === keyOf(state);
        if (fits && canonicalText(result) === wanted) next.push({ state: after, used });
      }
      if (written === reached) break;
      branches = distinct(branches.flatMap((branch) => withStray(branch, strays, operation, model)), keyOf);
      if (branches.length > maxBranches) return undecided(PROPERTY, `unknown outcomes on '${key}' fit in more than ${maxBranches} ways`, [operation]);
    }
    if (next.length === 0) {
      const reason =
        answers.size === 0
          ? `version ${reached} of '${key}' has more writes before it than were asked for`
          : `in its turn, ${operation.operation} of '${key}' must be answered ${[...answers].join(' or ')} and was answered ${wanted}`;
      return violated(PROPERTY, reason, [...lastWrites(inOrder, position, model), operation]);
    }
    branches = distinct(next, keyOf);
    version = reached;
  }
  return undefined;
}

/** The branch with each operation that may have taken effect before this one and was not used yet. */
function withStray<S>({ state, used }: Branch<S>, strays: readonly RecordedOperation[], before: RecordedOperation, model: Model<S>): readonly Branch<S>[] {
  return strays
    .filter(({ index, invokedAt }) => invokedAt < before.completedAt && !used.includes(index))
    .map((stray) => ({ state: model.step(state, stray).state, used: [...used, stray.index] }));
}

/** Of the ways that are alike in what they lead to and in what they have used, one. */
function distinct<S>(branches: readonly Branch<S>[], keyOf: (state: S) => string): readonly Branch<S>[] {
  const known = new Map<string, Branch<S>>();
  for (const branch of branches) known.set(`${[...branch.used].sort((a, b) => a - b).join(' ')}|${keyOf(branch.state)}`, branch);
  return [...known.values()];
}

/** The write before the position, and what was read since: enough to see what the state was. */
function lastWrites<S>(inOrder: readonly Witnessed[], position: number, model: Model<S>): readonly RecordedOperation[] {
  let from = position - 1;
  while (from > 0 && model.isRead?.(inOrder[from] as Witnessed) === true) from--;
  return inOrder.slice(Math.max(0, from), position);
}
