import { canonicalText } from '../histories/canonical-text';
import type { RecordedOperation } from '../histories/history';
import type { Model } from './model';
import {
  findWays,
  type StrayKind,
  type WayLayer,
  type WayPoint,
  type WayStep,
  type WitnessedOperation,
} from './witness-ways';

/** What came of looking for a way to fill the gaps between witnesses. */
export type WitnessSearchResult =
  /** The operations that took effect, in an order that fits. */
  | { readonly kind: 'found'; readonly order: readonly RecordedOperation[] }
  /** At the position nothing fits; the answers are those that it would have had to get, none when too many writes came before it. */
  | { readonly kind: 'none'; readonly position: number; readonly answers: readonly string[] }
  | { readonly kind: 'gave-up'; readonly position: number };

/** A point of a way, reached with so many operations of each kind. */
interface Visit<S> {
  readonly point: WayPoint<S>;
  readonly used: readonly number[];
  /** What was not tried yet, the best last. */
  readonly left: WayStep<S>[];
  /** The step that led here; undefined at the start. */
  readonly by: WayStep<S> | undefined;
}

/**
 * Looks for one way in which operations of unknown outcome wrote the versions that no answer names. The first way that fits is
 * enough, so a history that is right is gone through about once, however long it is. First it is asked where ways are at all
 * ({@link findWays}), which decides nearly everything; then which of them uses each operation once.
 */
export function searchWitnesses<S>(
  inOrder: readonly WitnessedOperation[],
  strays: readonly RecordedOperation[],
  model: Model<S>,
  maxSteps: number,
): WitnessSearchResult {
  const kinds = kindsOf(strays);
  const limits = limitsOf(inOrder);
  const keyOf = model.stateKey?.bind(model) ?? canonicalText;
  const search = (sharesVersions: boolean): WitnessSearchResult => {
    const ways = findWays({ inOrder, kinds, limits, model, keyOf, sharesVersions }, maxSteps);
    if (ways.kind === 'too-many') return { kind: 'gave-up', position: ways.position };
    if (ways.kind === 'closed') return { kind: 'none', position: ways.position, answers: ways.answers };
    return new WitnessSearch(ways.start, ways.layers, kinds, limits, inOrder).run(maxSteps);
  };
  const result = search(false);
  // There are far more ways when turns share versions, and few histories that need them.
  return result.kind === 'none' && strays.length > 0 ? search(true) : result;
}

class WitnessSearch<S> {
  /** Where nothing led on, with what had been used: having used more does not help. */
  private readonly failed = new Map<WayPoint<S>, (readonly number[])[]>();
  /** By layer and kind: how many of the later steps nothing else can take. */
  private readonly needed: readonly (readonly number[])[];

  constructor(
    private readonly start: WayPoint<S>,
    private readonly layers: readonly WayLayer<S>[],
    private readonly kinds: readonly StrayKind[],
    private readonly limits: readonly number[],
    private readonly inOrder: readonly WitnessedOperation[],
  ) {
    this.needed = neededBehind(layers, kinds.length);
  }

  /** @param maxSteps how many steps may be tried without getting further than before. */
  run(maxSteps: number): WitnessSearchResult {
    const path: Visit<S>[] = [
      this.visit(
        this.start,
        this.kinds.map(() => 0),
        undefined,
      ),
    ];
    let deepest = 0;
    for (let steps = 0; ; steps++) {
      const visit = path.at(-1);
      const position = this.layers[deepest]?.position ?? 0;
      if (visit === undefined) return { kind: 'none', position, answers: [] };
      const { depth } = visit.point;
      if (depth === this.layers.length) return { kind: 'found', order: this.orderOf(path) };
      if (depth > deepest) {
        deepest = depth;
        steps = 0;
      }
      if (steps >= maxSteps) return { kind: 'gave-up', position };
      const step = visit.left.pop();
      if (step === undefined) {
        this.remember(visit);
        path.pop();
        continue;
      }
      const used =
        step.kind === undefined
          ? visit.used
          : visit.used.map((count, kind) => (kind === step.kind ? count + 1 : count));
      if (!this.hasFailed(step.to, used)) path.push(this.visit(step.to, used, step));
    }
  }

  private orderOf(path: readonly Visit<S>[]): readonly RecordedOperation[] {
    return path.slice(1).map(({ by }, index) => {
      const before = path[index] as Visit<S>;
      const kind = by?.kind;
      if (kind === undefined)
        return this.inOrder[(this.layers[before.point.depth] as WayLayer<S>).position] as RecordedOperation;
      return this.kinds[kind]?.members[before.used[kind] as number] as RecordedOperation;
    });
  }

  private visit(point: WayPoint<S>, used: readonly number[], by: WayStep<S> | undefined): Visit<S> {
    const open = point.steps.filter((step) => this.mayTake(step, point.depth, used));
    if (open.length <= 1) return { point, used, left: open, by };
    const slack = new Map(open.map((step) => [step, this.slackOf(step, point.depth, used)]));
    // What will be missed least is tried first.
    return { point, used, left: open.sort((a, b) => (slack.get(a) as number) - (slack.get(b) as number)), by };
  }

  private mayTake(step: WayStep<S>, depth: number, used: readonly number[]): boolean {
    if (step.kind === undefined) return true;
    const invokedAt = this.kinds[step.kind]?.members[used[step.kind] as number]?.invokedAt;
    const limit = this.limits[(this.layers[depth] as WayLayer<S>).position] as number;
    return invokedAt !== undefined && invokedAt < limit && this.slackOf(step, depth, used) > 0;
  }

  /** How many of its kind are left that nothing later needs; of a witnessed operation there is always enough. */
  private slackOf({ kind }: WayStep<S>, depth: number, used: readonly number[]): number {
    if (kind === undefined) return Number.POSITIVE_INFINITY;
    return (this.kinds[kind] as StrayKind).members.length - (used[kind] as number) - (this.needed[depth]?.[kind] ?? 0);
  }

  private remember({ point, used }: Visit<S>): void {
    const others = this.failed.get(point)?.filter((known) => !isWithin(used, known)) ?? [];
    this.failed.set(point, [...others, used]);
  }

  private hasFailed(point: WayPoint<S>, used: readonly number[]): boolean {
    return this.failed.get(point)?.some((known) => isWithin(known, used)) === true;
  }
}

function isWithin(some: readonly number[], others: readonly number[]): boolean {
  return some.every((count, index) => count <= (others[index] as number));
}

/** Counts, from the end on, the layers that only steps of one kind lead out of. */
function neededBehind<S>(layers: readonly WayLayer<S>[], kindCount: number): readonly (readonly number[])[] {
  const needed: (readonly number[])[] = [];
  let behind: readonly number[] = Array.from({ length: kindCount }, () => 0);
  for (let depth = layers.length - 1; depth >= 0; depth--) {
    needed[depth] = behind;
    const layer = layers[depth] as WayLayer<S>;
    const only = layer.isOptional ? undefined : onlyKindOf(layer);
    if (only !== undefined) behind = behind.map((count, kind) => (kind === only ? count + 1 : count));
  }
  return needed;
}

function onlyKindOf<S>({ points }: WayLayer<S>): number | undefined {
  const kinds = new Set([...points.values()].flatMap(({ steps }) => steps.map(({ kind }) => kind)));
  const [only] = kinds;
  return kinds.size === 1 ? only : undefined;
}

function kindsOf(strays: readonly RecordedOperation[]): readonly StrayKind[] {
  const kinds = new Map<string, { readonly operation: RecordedOperation; readonly members: RecordedOperation[] }>();
  for (const operation of [...strays].sort((a, b) => a.invokedAt - b.invokedAt)) {
    const what = `${operation.operation} ${canonicalText(operation.argument)}`;
    const kind = kinds.get(what);
    if (kind === undefined) kinds.set(what, { operation, members: [operation] });
    else kind.members.push(operation);
  }
  return [...kinds.values()];
}

/** What has its turn before an operation has it before all later ones too, and none of them may have ended before it was invoked. */
function limitsOf(inOrder: readonly WitnessedOperation[]): readonly number[] {
  const limits: number[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (let position = inOrder.length - 1; position >= 0; position--) {
    limit = Math.min(limit, (inOrder[position] as WitnessedOperation).completedAt);
    limits[position] = limit;
  }
  return limits;
}
