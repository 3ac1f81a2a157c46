import type { DeliveryRecord } from './delivery-record';
import { latestDue, type Occurrence } from './schedule';

/** True for a reminder by a pattern whose first due time nobody has computed yet: that is done by the clock of the store, which its node does not know. */
export function isUnplanned({ reminder, dueAt }: DeliveryRecord): boolean {
  return reminder?.schedule.kind === 'cron' && dueAt === undefined;
}

/**
 * For which due time a delivery is tried: what was tried already is tried again, so that its key stays the same; otherwise, of a reminder
 * that comes again, the latest, with the count of those before it.
 * @param dueAt as the store says. @param now by its clock.
 */
export function occurrenceOf(record: DeliveryRecord, dueAt: number, now: number): Occurrence {
  const { reminder, attempts } = record;
  const since = record.dueAt ?? dueAt;
  if (reminder === undefined) return { dueAt: since, missed: 0 };
  if (attempts > 0) return { dueAt: since, missed: reminder.missed };
  const latest = latestDue(reminder.schedule, since, now);
  return { dueAt: latest.dueAt, missed: reminder.missed + latest.missed };
}
