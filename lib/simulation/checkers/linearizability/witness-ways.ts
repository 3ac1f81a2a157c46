import { canonicalText } from '../histories/canonical-text';
import type { OperationWitness, RecordedOperation } from '../histories/history';
import type { Model } from './model';

/** An operation whose answer names its turn. */
export type WitnessedOperation = RecordedOperation & { readonly witness: OperationWitness };

/** The order of turns: by epoch of the activation, then by number. */
export function compareWitnesses(a: OperationWitness, b: OperationWitness): number {
  return a.epoch - b.epoch || a.turn - b.turn;
}

/** The operations whose answers name their turns, in the order of those. */
export function inOrderOfTurns(operations: readonly RecordedOperation[]): readonly WitnessedOperation[] {
  return operations.filter(isWitnessed).sort((a, b) => compareWitnesses(a.witness, b.witness));
}

/** The operations that may have written a version which no answer names. */
export function straysOf<S>(operations: readonly RecordedOperation[], model: Model<S>): readonly RecordedOperation[] {
  return operations.filter((operation) => operation.outcome === 'unknown' && model.isRead?.(operation) !== true);
}

function isWitnessed(operation: RecordedOperation): operation is WitnessedOperation {
  return operation.outcome === 'ok' && operation.witness !== undefined;
}

/** Operations with unknown outcome that ask for the same thing: which of them took effect makes no difference. */
export interface StrayKind {
  readonly operation: RecordedOperation;
  /** All of them, in the order of their invocations. */
  readonly members: readonly RecordedOperation[];
}

/** A state in which an actor may have been between two turns. */
export interface WayPoint<S> {
  readonly state: S;
  /** The number of its layer; that behind the last one when all turns are over. */
  readonly depth: number;
  /** The steps that lead on from it. */
  steps: readonly WayStep<S>[];
}

/** One turn: that of a witnessed operation, or that of one whose outcome is unknown. */
export interface WayStep<S> {
  /** Which kind of unknown outcome it is; undefined for the witnessed operation. */
  readonly kind: number | undefined;
  readonly to: WayPoint<S>;
}

/** All states between two turns, and before which witnessed operation they stand. */
export interface WayLayer<S> {
  readonly position: number;
  /** A way may pass it by. */
  readonly isOptional: boolean;
  readonly points: ReadonlyMap<string, WayPoint<S>>;
}

/** What may have been at all; or that nothing fits at a position, or that it is too much to look at. */
export type Ways<S> =
  | { readonly kind: 'open'; readonly start: WayPoint<S>; readonly layers: readonly WayLayer<S>[] }
  /** The answers are those that the operation would have had to get, none when too many writes came before it. */
  | { readonly kind: 'closed'; readonly position: number; readonly answers: readonly string[] }
  | { readonly kind: 'too-many'; readonly position: number };

/** What the ways are looked for in. */
export interface WitnessedHistory<S> {
  readonly inOrder: readonly WitnessedOperation[];
  readonly kinds: readonly StrayKind[];
  /** Until when an operation must have been invoked to have a turn before the one of the position. */
  readonly limits: readonly number[];
  readonly model: Model<S>;
  readonly keyOf: (state: S) => string;
  /**
   * Turns may have been written together, under one version: then as many operations of unknown outcome may have had their turn before a witnessed one
   * as there are turns that no answer names. Otherwise each has written a version of its own.
   */
  readonly sharesVersions: boolean;
}

/**
 * Finds every way from the first turn to the last as if an operation of unknown outcome could take effect any number of times:
 * in time that grows with the history, for an answer tells the state again. Where no way leads on, none does that uses each
 * operation once; what is left is where those are to be looked for.
 * @param maxSteps how many steps may be tried before each witnessed operation.
 */
export function findWays<S>(history: WitnessedHistory<S>, maxSteps: number): Ways<S> {
  const { inOrder, model, keyOf } = history;
  const start: WayPoint<S> = { state: model.initial, depth: 0, steps: [] };
  const layers: WayLayer<S>[] = [];
  let points = new Map([[keyOf(model.initial), start]]);
  let version = 0;
  for (const [position, operation] of inOrder.entries()) {
    const { version: reached } = operation.witness;
    const from = layers.length;
    const last = reached + roomBefore(history, position, version);
    const nextDepth = from + last - version + 1;
    const next = new Map<string, WayPoint<S>>();
    const answers = new Set<string>();
    let steps = 0;
    for (let written = version; ; written++) {
      layers.push({ position, isOptional: written >= reached, points });
      const after = new Map<string, WayPoint<S>>();
      for (const point of points.values()) {
        const own = placed(history, { position, written, before: version, point, answers, next, nextDepth });
        point.steps = written < last ? [...own, ...strayed(history, position, point, after)] : own;
        steps += point.steps.length + 1;
        if (steps > maxSteps) return { kind: 'too-many', position };
      }
      if (written >= last) break;
      points = after;
    }
    if (next.size === 0) return { kind: 'closed', position, answers: [...answers] };
    // Most of what was tried led to another answer: it is let go of at once, so that long histories fit into memory.
    forgetDeadEnds(layers, from, next);
    points = next;
    version = reached;
  }
  forgetDeadEnds(layers, 0, points);
  return { kind: 'open', start, layers };
}

/** How many operations of unknown outcome may have had their turns before that of the position beside those that wrote the versions between. */
function roomBefore<S>({ inOrder, kinds, sharesVersions }: WitnessedHistory<S>, position: number, version: number) {
  const { epoch, turn, version: reached } = (inOrder[position] as WitnessedOperation).witness;
  // Nothing was ever written.
  if (!sharesVersions || reached === 0) return 0;
  const before = inOrder[position - 1]?.witness;
  const unnamed = before?.epoch === epoch ? turn - before.turn - 1 : Number.POSITIVE_INFINITY;
  const strays = kinds.reduce((count, { members }) => count + members.length, 0);
  return Math.max(0, Math.min(unnamed, strays) - (reached - version));
}

/** An operation that may take its turn. */
interface Placing<S> {
  readonly position: number;
  /** The version before its turn; a greater one than its own when others have been written together with it. */
  readonly written: number;
  /** The version after the turn of the operation before it. */
  readonly before: number;
  readonly point: WayPoint<S>;
  readonly answers: Set<string>;
  readonly next: Map<string, WayPoint<S>>;
  readonly nextDepth: number;
}

/** Of the versions up to its own, the operation has written the last or none. */
function placed<S>(
  { inOrder, model, keyOf, sharesVersions }: WitnessedHistory<S>,
  { position, written, before, point, answers, next, nextDepth }: Placing<S>,
): readonly WayStep<S>[] {
  const operation = inOrder[position] as WitnessedOperation;
  const { version: reached } = operation.witness;
  const hasWritten = written === reached - 1 && model.isRead?.(operation) !== true;
  if (!hasWritten && written < reached) return [];
  const { state, result } = model.step(point.state, operation);
  const answer = canonicalText(result);
  answers.add(answer);
  // Behind writes of others it has written nothing, so it must have changed nothing, unless it was written together with them.
  const fits = hasWritten || written === before || sharesVersions || keyOf(state) === keyOf(point.state);
  return fits && answer === canonicalText(operation.result)
    ? [{ kind: undefined, to: pointOf(next, keyOf(state), state, nextDepth) }]
    : [];
}

/** The operations of unknown outcome that were asked for in time. */
function strayed<S>(
  { kinds, limits, model, keyOf }: WitnessedHistory<S>,
  position: number,
  point: WayPoint<S>,
  after: Map<string, WayPoint<S>>,
): readonly WayStep<S>[] {
  const limit = limits[position] as number;
  return kinds.flatMap(({ operation }, kind) => {
    // The first of its kind.
    if (operation.invokedAt >= limit) return [];
    const { state } = model.step(point.state, operation);
    return [{ kind, to: pointOf(after, keyOf(state), state, point.depth + 1) }];
  });
}

function pointOf<S>(points: Map<string, WayPoint<S>>, key: string, state: S, depth: number): WayPoint<S> {
  const known = points.get(key);
  if (known !== undefined) return known;
  const point: WayPoint<S> = { state, depth, steps: [] };
  points.set(key, point);
  return point;
}

/** Takes out every step that leads nowhere and every point without steps, from the end on. */
function forgetDeadEnds<S>(layers: WayLayer<S>[], from: number, last: ReadonlyMap<string, WayPoint<S>>): void {
  const alive = new Set(last.values());
  for (let depth = layers.length - 1; depth >= from; depth--) {
    const { points, ...layer } = layers[depth] as WayLayer<S>;
    const left = new Map<string, WayPoint<S>>();
    for (const [key, point] of points) {
      point.steps = point.steps.filter(({ to }) => alive.has(to));
      if (point.steps.length === 0) continue;
      alive.add(point);
      left.set(key, point);
    }
    layers[depth] = { ...layer, points: left };
  }
}
