import { canonicalText } from './canonical-text';
import type { RecordedOperation } from './history';
import type { Model } from './model';

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
}

/**
 * Looks for an order of the operations of one key that the model allows. The list holds invocations and ends in their order; an
 * operation may be next when its invocation stands before the first end that is left. A set of operations done and the state
 * that they led to are never tried twice.
 */
export function searchLinearization<S>(operations: readonly RecordedOperation[], model: Model<S>, maxSteps: number): SearchResult {
  const relevant = operations.filter(({ outcome }) => outcome !== 'failed');
  const head = listOf(relevant);
  const expected = relevant.map((operation) => (operation.outcome === 'ok' ? canonicalText(operation.result) : undefined));
  const keyOf = model.stateKey?.bind(model) ?? canonicalText;
  const done = new Uint32Array(Math.ceil(relevant.length / 32));
  const seen = new Map<string, Set<string>>();
  const taken: Taken<S>[] = [];
  let { initial: state } = model;
  let left = expected.filter((text) => text !== undefined).length;
  let steps = 0;
  let entry = head.next;
  while (left > 0) {
    if (entry === undefined || entry.isEnd) {
      // An end is reached before its operation was placed: something placed earlier was wrong.
      const last = taken.pop();
      if (last === undefined) return { kind: 'none', steps };
      state = last.before;
      restore(last.entry);
      flip(done, last.entry.slot);
      if (expected[last.entry.slot] !== undefined) left++;
      entry = last.entry.next;
      continue;
    }
    if (++steps > maxSteps) return { kind: 'gave-up', steps, stuckAt: openOperations(head) };
    const { slot } = entry;
    const { state: after, result } = model.step(state, entry.operation);
    const wanted = expected[slot];
    flip(done, slot);
    if ((wanted === undefined || wanted === canonicalText(result)) && isNew(seen, done, keyOf(after))) {
      taken.push({ entry, before: state });
      state = after;
      remove(entry);
      if (wanted !== undefined) left--;
      entry = head.next;
    } else {
      flip(done, slot);
      entry = entry.next;
    }
  }
  return { kind: 'found', steps };
}

function listOf(operations: readonly RecordedOperation[]): Entry {
  const entries: { readonly at: number; readonly entry: Entry }[] = [];
  operations.forEach((operation, slot) => {
    const isOver = Number.isFinite(operation.completedAt) && operation.outcome === 'ok';
    const end: Entry | undefined = isOver ? { slot, operation, end: undefined, isEnd: true, previous: undefined, next: undefined } : undefined;
    entries.push({ at: operation.invokedAt, entry: { slot, operation, end, isEnd: false, previous: undefined, next: undefined } });
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
