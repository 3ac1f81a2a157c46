import { isMoonpoolError } from '../errors/moonpool-error';
import type { CALL_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';

/** How many calls a process has made since it started, and what became of them. */
export type CallCounters = Bound<typeof CALL_METRICS>;

/** Counts a call that has ended. */
export function countEnd(counters: CallCounters, outcome: 'ok' | 'error', result: unknown): void {
  if (outcome === 'ok') {
    counters.succeeded.value++;
    return;
  }
  counters.failed.value++;
  if (isMoonpoolError(result, 'CALL_TIMEOUT')) counters.timedOut.value++;
  else if (isMoonpoolError(result, 'CALL_CANCELLED')) counters.cancelled.value++;
}
