import fc from 'fast-check';
import type { OperationOutcome, RecordedOperation } from '../../../../lib/simulation/checkers/histories/history';
import type { Model } from '../../../../lib/simulation/checkers/linearizability/model';

/** An operation of a history that is written down by hand: `[client, operation, argument, result, invokedAt, completedAt]`. */
export type Row = readonly [
  client: string,
  operation: string,
  argument: unknown,
  result: unknown,
  invokedAt: number,
  completedAt?: number,
  outcome?: OperationOutcome,
];

/** A history as it is written down; what never completes has an unknown outcome. */
export function historyOf(rows: readonly Row[], key = 'k'): RecordedOperation[] {
  return rows.map(
    ([client, operation, argument, result, invokedAt, completedAt = Number.POSITIVE_INFINITY, given], index) => {
      const outcome = given ?? (Number.isFinite(completedAt) ? 'ok' : 'unknown');
      return {
        index,
        client,
        operation,
        key,
        argument,
        outcome,
        result: outcome === 'ok' ? result : undefined,
        invokedAt,
        completedAt,
        invokedAtMs: invokedAt,
      };
    },
  );
}

/** What a generated client asks for, and when it happens. */
interface Plan {
  readonly operation: string;
  readonly argument: unknown;
  /** Invocation, effect and end, as fractions. */
  readonly times: readonly [number, number, number];
  readonly fate: 'answered' | 'lost answer' | 'lost call';
}

/**
 * Histories that are right by construction: every operation takes effect in one instant between invocation and end, and some
 * answers or calls get lost.
 */
export function rightHistories<S>(
  model: Model<S>,
  requests: fc.Arbitrary<{ operation: string; argument?: unknown }>,
  maxLength = 14,
): fc.Arbitrary<RecordedOperation[]> {
  const time = fc.double({ min: 0, max: 1, noNaN: true });
  const plan = fc.record({
    request: requests,
    start: fc.double({ min: 0, max: 4, noNaN: true }),
    lasts: time,
    effect: time,
    fate: fc.constantFrom('answered', 'answered', 'answered', 'answered', 'lost answer', 'lost call' as const),
  });
  return fc.array(plan, { minLength: 1, maxLength }).map((plans) => {
    const timed = plans.map(({ request, start, lasts, effect, fate }): Plan => ({
      operation: request.operation,
      argument: request.argument,
      fate,
      times: [start, start + lasts * effect, start + lasts],
    }));
    return play(model, timed);
  });
}

function play<S>(model: Model<S>, plans: readonly Plan[]): RecordedOperation[] {
  const results = new Map<Plan, { result: unknown; turn: number; version: number }>();
  let state = model.initial;
  let turn = 0;
  let version = 0;
  for (const plan of [...plans].sort((a, b) => a.times[1] - b.times[1])) {
    if (plan.fate === 'lost call') continue;
    const step = model.step(state, plan);
    if (model.isRead?.(plan) !== true) version++;
    ({ state } = step);
    results.set(plan, { result: step.result, turn: ++turn, version });
  }
  // Ties are broken so that a history has one order of events.
  const moments = plans.flatMap((plan) => [
    { plan, at: plan.times[0], isEnd: false },
    { plan, at: plan.times[2], isEnd: true },
  ]);
  const places = new Map<string, number>();
  moments
    .sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd))
    .forEach(({ plan, isEnd }, place) => places.set(`${plans.indexOf(plan)} ${isEnd}`, place));
  return plans
    .map((plan, number) => {
      const { result, turn: at = 0, version: reached = 0 } = results.get(plan) ?? {};
      const isOk = plan.fate === 'answered';
      const placeOf = (isEnd: boolean) => places.get(`${number} ${isEnd}`) as number;
      return {
        index: 0,
        client: `c${number}`,
        operation: plan.operation,
        key: 'k',
        argument: plan.argument,
        outcome: isOk ? 'ok' : 'unknown',
        result: isOk ? result : undefined,
        invokedAt: placeOf(false),
        completedAt: isOk ? placeOf(true) : Number.POSITIVE_INFINITY,
        invokedAtMs: plan.times[0],
        ...(isOk ? { witness: { epoch: 1, turn: at, version: reached } } : {}),
      } satisfies RecordedOperation;
    })
    .sort((a, b) => a.invokedAt - b.invokedAt)
    .map((operation, index) => ({ ...operation, index }));
}
