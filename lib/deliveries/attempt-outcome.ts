import { isMoonpoolError, type MoonpoolError } from '../errors/moonpool-error';
import type { ErrorCode } from '../errors/catalogue';
import { messageOf, nameOf } from '../errors/thrown-value';
import type { RandomProvider } from '../providers/random-provider';
import type { Due } from '../storage/stored-delivery';
import { backoffMs } from '../transport/backoff';
import type { DeliveryOptions } from './delivery-options';
import type { DeliveryFailure, DeliveryRecord } from './delivery-record';
import { nextDue, type Occurrence } from './schedule';

/**
 * How an attempt to deliver ended. `not-set`: the actor says that it has no such reminder any more. `brought-before`: another node has brought
 * the due time of a reminder to its actor, with another count of those before it.
 */
export type AttemptOutcome =
  /** `isRemembered`: under its key, in one commit with what came of it. */
  | { readonly kind: 'executed'; readonly isRemembered: boolean }
  | { readonly kind: 'not-set' }
  | { readonly kind: 'brought-before' }
  /** `isRemembered`: the same error comes again under its key, and nothing is executed. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly isRemembered: boolean };

/** What becomes of a delivery after an attempt. */
export interface DeliveryFuture {
  /** For the metrics: what the attempt came to. */
  readonly became: 'delivered' | 'retried' | 'dead';
  /** How it goes on; undefined: it is done. */
  readonly next: { readonly due: Due | 'never'; readonly record: DeliveryRecord } | undefined;
}

/** What says how often and how soon something is tried again. */
export interface RetrySetting {
  readonly options: DeliveryOptions;
  readonly random: RandomProvider;
}

/**
 * Of these a cluster may be cured, by starting nodes of the right release, or by giving the store room and rights and setting it up again: what fails by them
 * waits, however long that takes.
 */
const CURABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNKNOWN_ACTOR',
  'UNKNOWN_HANDLER',
  'ACTOR_VERSION_MISMATCH',
  'UNKNOWN_REFERENCE',
  'UNKNOWN_HEADER_FIELD',
  'FEATURE_MISSING',
  'RUNTIME_NOT_READY',
  'STORAGE_FULL',
  'STORAGE_READ_ONLY',
  'STORAGE_REPLACED',
  'STORAGE_NOT_DURABLE',
  'STORAGE_UNSUITABLE',
  // A release that can read it comes back, or comes.
  'STATE_NOT_REBUILT',
  // The release that has written it was taken back, and may come again.
  'STORAGE_TOO_NEW',
]);

/** What becomes of the delivery. @param occurrence the due time that was tried. */
export function futureOf(
  record: DeliveryRecord,
  occurrence: Occurrence,
  outcome: AttemptOutcome,
  setting: RetrySetting,
): DeliveryFuture {
  const tried = triedRecord(record, occurrence);
  if (outcome.kind === 'executed') return { became: 'delivered', next: following(tried, occurrence, 0) };
  // What came of that is not known here: the next one says of it that it was missed, which is too much rather than too little.
  if (outcome.kind === 'brought-before') return { became: 'delivered', next: following(tried, occurrence, 1) };
  // If it was cancelled, it is gone from the store or is going; if not, it must not be lost.
  if (outcome.kind === 'not-set') return again(tried, tried, setting);
  const failed: DeliveryRecord = { ...tried, failure: failureOf(outcome.error) };
  if (!isHandlerRefusal(outcome.error)) return again(failed, tried, setting);
  // Its answer is remembered under the key: to have it executed again takes another one.
  const refused: DeliveryRecord = { ...failed, refusals: failed.refusals + 1, executions: failed.executions + 1 };
  if (refused.refusals < setting.options.maxRefusals && !isMoonpoolError(outcome.error, 'IDEMPOTENT_CALL_BROKEN'))
    return again(refused, tried, setting);
  // A reminder that comes again is not ended by one due time that its handler could not cope with.
  const next = following(refused, occurrence, 1);
  return { became: 'dead', next: next ?? { due: 'never', record: refused } };
}

/**
 * True for an error that the handler itself, or what is wrong with the message, would give again. One that leaves open whether the handler was
 * executed is none, whatever else it says: under another key it might be executed a second time.
 */
export function isHandlerRefusal(error: unknown): boolean {
  if (!isMoonpoolError(error)) return true;
  return error.executed !== 'maybe' && !error.isTransient && !isCurable(error);
}

function isCurable({ code, cause }: MoonpoolError): boolean {
  return CURABLE.has(code) || (code === 'ACTIVATION_FAILED' && isMoonpoolError(cause) && isCurable(cause));
}

/** An attempt for this due time is one more, whatever came of it. */
function triedRecord(record: DeliveryRecord, { dueAt, missed }: Occurrence): DeliveryRecord {
  const { reminder } = record;
  const attempts = record.attempts + 1;
  return { ...record, attempts, dueAt, reminder: reminder === undefined ? undefined : { ...reminder, missed } };
}

function again(record: DeliveryRecord, { attempts }: DeliveryRecord, setting: RetrySetting): DeliveryFuture {
  const { retryMinMs: minMs, retryMaxMs: maxMs } = setting.options;
  return {
    became: 'retried',
    next: { due: { inMs: backoffMs(attempts - 1, { minMs, maxMs }, setting.random) }, record },
  };
}

/** The next due time of a reminder that has one, as if nothing was tried yet. @param lost how many due times were not executed. */
function following(
  { reminder, ...record }: DeliveryRecord,
  { dueAt, missed }: Occurrence,
  lost: number,
): DeliveryFuture['next'] {
  const next = reminder === undefined ? undefined : nextDue(reminder.schedule, dueAt);
  if (reminder === undefined || next === undefined) return undefined;
  const fresh = { ...record, attempts: 0, refusals: 0, dueAt: next };
  return { due: { at: next }, record: { ...fresh, reminder: { ...reminder, missed: lost === 0 ? 0 : missed + lost } } };
}

function failureOf(error: unknown): DeliveryFailure {
  if (isMoonpoolError(error)) return { code: error.code, message: error.detail };
  return { code: nameOf(error), message: messageOf(error) };
}
