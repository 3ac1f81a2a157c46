import type { FaultKind } from './fault-plan';
import type { Answer, TimedOperation } from './history-file';
import type { DoneFault } from './nemesis';

/** What all faults of a kind did to those who asked. */
export interface FaultEffect {
  readonly kind: FaultKind;
  readonly times: number;
  /** The operations that began in the time of such a fault, by how they ended. */
  readonly answers: Readonly<Record<Answer, number>>;
  /** The longest time for which an actor was asked and gave no answer, in milliseconds, of those that count for such a fault. */
  readonly longestSilenceMs: number;
}

/** A time for which an actor was asked and gave no answer, in microseconds of the machine's clock. */
export interface Silence {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** What the actors of a campaign declare as idempotent. */
const IDEMPOTENT_OPERATIONS: ReadonlySet<string> = new Set(['append']);

/** For how long nobody asks until a silence is none any more, in microseconds. */
const FORGOTTEN_US = 1_000_000;

/** Operations by how they ended. */
export function countAnswers(operations: readonly TimedOperation[]): Readonly<Record<Answer, number>> {
  const counts: Record<Answer, number> = { ok: 0, no: 0, maybe: 0, yes: 0, open: 0 };
  for (const { answer } of operations) counts[answer]++;
  return counts;
}

/** Calls by whether the runtime repeats them by itself. */
export const CALL_KINDS = ['idempotent', 'other'] as const;
export type CallKind = (typeof CALL_KINDS)[number];

export interface CallCount {
  readonly calls: number;
  /** Without an answer of the actor. */
  readonly failed: number;
}

/** How many calls of each kind there were, and have failed. */
export function countFailures(operations: readonly TimedOperation[]): Readonly<Record<CallKind, CallCount>> {
  const count = (those: readonly TimedOperation[]): CallCount => ({
    calls: those.length,
    failed: those.filter(({ answer }) => answer !== 'ok').length,
  });
  const isRepeated = ({ kind }: TimedOperation): boolean => IDEMPOTENT_OPERATIONS.has(kind);
  return {
    idempotent: count(operations.filter(isRepeated)),
    other: count(operations.filter((operation) => !isRepeated(operation))),
  };
}

/** How often each code of an error came. */
export function countErrors(operations: readonly TimedOperation[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { code } of operations) if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

/**
 * What each kind of fault did. The time of a fault goes on for a while after its end, until the cluster has recovered. Where such times overlap, an
 * operation counts for each, and a silence for the fault whose time it fills longest. What a process asked for while it was itself killed, stopped or
 * restarted makes no silence.
 * @param recoveryMs for how long it goes on, in milliseconds.
 */
export function effectsOf(
  done: readonly DoneFault[],
  operations: readonly TimedOperation[],
  recoveryMs: number,
): readonly FaultEffect[] {
  const times = done.map((one): DoneFault => ({ ...one, endedAt: one.endedAt + recoveryMs * 1_000 }));
  const silences = silencesOf(operations.filter((operation) => !times.some((time) => isVictim(operation, time))));
  const longest = new Map<FaultKind, number>();
  for (const silence of silences) {
    const cause = causeOf(silence, times)?.fault.kind;
    if (cause !== undefined) longest.set(cause, Math.max(longest.get(cause) ?? 0, silence.to - silence.from));
  }
  return [...new Set(done.map(({ fault }) => fault.kind))].map((kind) => {
    const ofKind = times.filter(({ fault }) => fault.kind === kind);
    const begun = operations.filter((operation) =>
      ofKind.some(({ beganAt, endedAt }) => beganAt <= operation.beganAt && operation.beganAt <= endedAt),
    );
    const longestSilenceMs = (longest.get(kind) ?? 0) / 1_000;
    return { kind, times: ofKind.length, answers: countAnswers(begun), longestSilenceMs };
  });
}

/** From when an actor is asked, or last gave an answer while it was being asked, until its next answer. */
export function silencesOf(operations: readonly TimedOperation[]): readonly Silence[] {
  const moments = operations.flatMap(({ key, beganAt, endedAt, answer }) => [
    { key, at: beganAt, step: 1, isAnswer: false },
    ...(Number.isFinite(endedAt) ? [{ key, at: endedAt, step: -1, isAnswer: answer === 'ok' }] : []),
  ]);
  moments.sort((a, b) => a.at - b.at || b.step - a.step);
  const actors = new Map<string, { underWay: number; since: number | undefined; latest: number }>();
  const silences: Silence[] = [];
  for (const { key, at, step, isAnswer } of moments) {
    const actor = actors.get(key) ?? { underWay: 0, since: undefined, latest: at };
    actors.set(key, actor);
    const isForgotten = actor.underWay === 0 && at - actor.latest > FORGOTTEN_US;
    if (actor.since === undefined || isForgotten) actor.since = at;
    actor.underWay += step;
    actor.latest = at;
    if (!isAnswer) continue;
    silences.push({ key, from: actor.since, to: at });
    actor.since = actor.underWay > 0 ? at : undefined;
  }
  return silences;
}

/** The fault whose time the silence fills longest; of several the last one, which must have been what made it last. */
function causeOf({ from, to }: Silence, times: readonly DoneFault[]): DoneFault | undefined {
  let cause: DoneFault | undefined;
  let longest = 0;
  for (const time of [...times].sort((a, b) => a.beganAt - b.beganAt)) {
    const shared = Math.min(to, time.endedAt) - Math.max(from, time.beganAt);
    if (shared < longest || shared <= 0) continue;
    [cause, longest] = [time, shared];
  }
  return cause;
}

/** Whether the process had no answer because the fault was done to itself. */
function isVictim(operation: TimedOperation, { fault, beganAt, endedAt }: DoneFault): boolean {
  const { client } = operation;
  if (operation.beganAt > endedAt || operation.endedAt < beganAt) return false;
  return 'node' in fault ? fault.node === client : 'nodes' in fault && fault.nodes.includes(client);
}
