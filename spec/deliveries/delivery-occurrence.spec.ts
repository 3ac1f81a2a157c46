import { expect } from 'chai';
import { isUnplanned, occurrenceOf } from '../../lib/deliveries/delivery-occurrence';
import type { DeliveryRecord, ReminderPart } from '../../lib/deliveries/delivery-record';

const message: DeliveryRecord = {
  target: 'spec/Actor/a',
  method: 'work',
  args: Buffer.from('[]'),
  values: undefined,
  key: 'k',
  executions: 0,
  attempts: 0,
  refusals: 0,
  dueAt: undefined,
  failure: undefined,
  reminder: undefined,
};
const reminder: ReminderPart = { name: 'r', setting: 's', missed: 2, schedule: { kind: 'every', everyMs: 100 } };

describe('The due time for which a delivery is tried', () => {
  it('is that of the store, and later the one that was tried first', () => {
    expect(occurrenceOf(message, 50, 999)).to.deep.equal({ dueAt: 50, missed: 0 });
    expect(occurrenceOf({ ...message, attempts: 3, dueAt: 50 }, 700, 999)).to.deep.equal({ dueAt: 50, missed: 0 });
  });

  it('of a reminder is the latest that has come, with the count of those before it', () => {
    expect(occurrenceOf({ ...message, reminder }, 50, 340)).to.deep.equal({ dueAt: 250, missed: 4 });
    expect(occurrenceOf({ ...message, reminder, dueAt: 150 }, 999, 340)).to.deep.equal({ dueAt: 250, missed: 3 });
  });

  it('of a reminder that was tried already stays, so that its key does', () => {
    expect(occurrenceOf({ ...message, reminder, dueAt: 150, attempts: 1 }, 999, 9_999)).to.deep.equal({
      dueAt: 150,
      missed: 2,
    });
  });

  it('by a pattern is not known before the store has said when it was set', () => {
    const schedule = { kind: 'cron', pattern: '* * * * *', timeZone: 'UTC' } as const;
    const cron = { ...message, reminder: { ...reminder, schedule } };
    expect(isUnplanned(cron)).to.equal(true);
    expect(isUnplanned({ ...cron, dueAt: 60_000 })).to.equal(false);
    expect(isUnplanned({ ...message, reminder })).to.equal(false);
    expect(isUnplanned(message)).to.equal(false);
  });
});
