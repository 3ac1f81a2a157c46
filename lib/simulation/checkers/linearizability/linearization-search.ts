import { canonicalText } from '../histories/canonical-text';
import type { RecordedOperation } from '../histories/history';
import type { Model } from './model';
import { searchWitnesses } from './witness-search';
import { inOrderOfTurns, straysOf } from './witness-ways';

/** What the search for a linearization of one key came to. */
export type SearchResult =
  | { readonly kind: 'found'; readonly steps: number }
  | { readonly kind: 'none'; readonly steps: number }
  | { readonly kind: 'gave-up'; readonly steps: number; readonly stuckAt: readonly RecordedOperation[] };

/** An invocation or an end in the doubly linked list of what is not linearized yet. */
interface Entry {
  readonly slot: number;
  readonly operation: RecordedOperation;
  /** The end that belongs to an invocation; undefined for an end, and for an operation that never ended. */
  readonly end: Entry | undefined;
  readonly isEnd: boolean;
  previous: Entry | undefined;
  next: Entry | undefined;
}

/** A step that was taken: to be undone when it led nowhere. */
interface Taken<S> {
  readonly entry: Entry;
  readonly before: S;
  /** What could have been taken in its place and was not tried yet, the best last. */
  readonly others: Entry[];
}

/** How many steps may be tried, without getting further, to learn from witnesses which order is likely. */
const HINT_STEPS = 50_000;

/**
 * Looks for an order of the operations of one key that the model allows. The list holds invocations and ends in their order; an
 * operation may be next when its invocation stands before the first end that is left. A set of operations done and the state
 * that they led to are never tried twice. Witnesses are not believed, but the order that they name is tried first: where it
 * is right it is found at once, however many operations were open at a time.
 */
export function searchLinearization<S>(
  operations: readonly RecordedOperation[],
  model: Model<S>,
  maxSteps: number,
): SearchResult {
  const relevant = operations.filter(({ outcome }) => outcome !== 'failed');
  const head = listOf(relevant);
  const ranks = ranksOf(relevant, model);
  const expected = relevant.map((operation) =>
    operation.outcome === 'ok' ? canonicalText(operation.result) : undefined,
  );
  const keyOf = model.stateKey?.bind(model) ?? canonicalText;
  const done = new Uint32Array(Math.ceil(relevant.length / 32));
  const seen = new Map<string, Set<string>>();
  const taken: Taken<S>[] = [];
  let { initial: state } = model;
  let left = expected.filter((text) => text !== undefined).length;
  let steps = 0;
  let candidates = candidatesOf(head, ranks);
  while (left > 0) {
    const entry = candidates.pop();
    if (entry === undefined) {
      // None of those that may be next fits: something placed earlier was wrong.
      const last = taken.pop();
      if (last === undefined) return { kind: 'none', steps };
      state = last.before;
      restore(last.entry);
      flip(done, last.entry.slot);
      if (expected[last.entry.slot] !== undefined) left++;
      candidates = last.others;
      continue;
    }
    if (++steps > maxSteps) return { kind: 'gave-up', steps, stuckAt: openOperations(head) };
    const { slot } = entry;
    const { state: after, result } = model.step(state, entry.operation);
    const wanted = expected[slot];
    flip(done, slot);
    if ((wanted === undefined || wanted === canonicalText(result)) && isNew(seen, done, keyOf(after))) {
      taken.push({ entry, before: state, others: candidates });
      state = after;
      remove(entry);
      if (wanted !== undefined) left--;
      candidates = candidatesOf(head, ranks);
    } else flip(done, slot);
  }
  return { kind: 'found', steps };
}

/** What may be next, the likeliest last. */
function candidatesOf(head: Entry, ranks: readonly number[] | undefined): Entry[] {
  const open: Entry[] = [];
  for (let entry = head.next; entry !== undefined && !entry.isEnd; entry = entry.next) open.push(entry);
  open.reverse();
  return ranks === undefined ? open : open.sort((a, b) => (ranks[b.slot] as number) - (ranks[a.slot] as number));
}

/**
 * By slot, how early each operation took effect as its witness says; undefined without witnesses that fit. What has an answer and no
 * witness comes before the first that was asked for afterwards, and what nobody names comes last.
 */
function ranksOf<S>(operations: readonly RecordedOperation[], model: Model<S>): readonly number[] | undefined {
  const inOrder = inOrderOfTurns(operations);
  if (inOrder.length === 0) return undefined;
  const found = searchWitnesses(inOrder, straysOf(operations, model), model, HINT_STEPS);
  if (found.kind !== 'found') return undefined;
  const { order } = found;
  const ranks = new Map(order.map((operation, rank) => [operation, rank]));
  return operations.map((operation) => {
    const known = ranks.get(operation);
    if (known !== undefined) return known;
    if (operation.outcome !== 'ok') return order.length;
    const next = order.findIndex(({ invokedAt }) => invokedAt > operation.completedAt);
    return (next < 0 ? order.length : next) - 0.5;
  });
}

function listOf(operations: readonly RecordedOperation[]): Entry {
  const entries: { readonly at: number; readonly entry: Entry }[] = [];
  operations.forEach((operation, slot) => {
    const isOver = Number.isFinite(operation.completedAt) && operation.outcome === 'ok';
    const end: Entry | undefined = isOver
      ? { slot, operation, end: undefined, isEnd: true, previous: undefined, next: undefined }
      : undefined;
    entries.push({
      at: operation.invokedAt,
      entry: { slot, operation, end, isEnd: false, previous: undefined, next: undefined },
    });
    if (end !== undefined) entries.push({ at: operation.completedAt, entry: end });
  });
  entries.sort((a, b) => a.at - b.at);
  const nothing = { slot: -1, operation: undefined as never, end: undefined, isEnd: false };
  const head: Entry = { ...nothing, previous: undefined, next: undefined };
  let last = head;
  for (const { entry } of entries) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

function remove(entry: Entry): void {
  unlink(entry);
  if (entry.end !== undefined) unlink(entry.end);
}

/** Puts an operation back; the steps after it were undone before, so its neighbours are those that it had. */
function restore(entry: Entry): void {
  if (entry.end !== undefined) relink(entry.end);
  relink(entry);
}

function unlink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry.next;
  if (entry.next !== undefined) entry.next.previous = entry.previous;
}

function relink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry;
  if (entry.next !== undefined) entry.next.previous = entry;
}

function flip(done: Uint32Array, slot: number): void {
  const word = slot >>> 5;
  done[word] = ((done[word] as number) ^ (1 << (slot & 31))) >>> 0;
}

function isNew(seen: Map<string, Set<string>>, done: Uint32Array, state: string): boolean {
  const which = done.join(' ');
  const states = seen.get(which);
  if (states === undefined) seen.set(which, new Set([state]));
  else if (states.has(state)) return false;
  else states.add(state);
  return true;
}

/** The operations that stand before the first end: among them the search could not choose. */
function openOperations(head: Entry): readonly RecordedOperation[] {
  const open: RecordedOperation[] = [];
  for (let entry = head.next; entry !== undefined && !entry.isEnd; entry = entry.next) open.push(entry.operation);
  return open;
}
