import { expect } from 'chai';
import { latestDue, nextDue, readSchedule, writeSchedule, type Schedule } from '../../lib/deliveries/schedule';
import { ByteReader } from '../../lib/serialization/byte-reader';
import { ByteWriter } from '../../lib/serialization/byte-writer';

const every: Schedule = { kind: 'every', everyMs: 1_000 };
const monday: Schedule = { kind: 'cron', pattern: '0 9 * * MON', timeZone: 'Europe/Berlin' };
const moment = (text: string) => new Date(text).getTime();

describe('A schedule', () => {
  it('that is due once has nothing behind that', () => {
    expect(nextDue({ kind: 'once' }, 5)).to.equal(undefined);
    expect(latestDue({ kind: 'once' }, 5, 9_999)).to.deep.equal({ dueAt: 5, missed: 0 });
  });

  it('with a period keeps to it, whatever was late', () => {
    expect(nextDue(every, 5)).to.equal(1_005);
    expect(latestDue(every, 5, 1_004)).to.deep.equal({ dueAt: 5, missed: 0 });
    expect(latestDue(every, 5, 1_005)).to.deep.equal({ dueAt: 1_005, missed: 1 });
    expect(latestDue(every, 5, 90_000_900)).to.deep.equal({ dueAt: 90_000_005, missed: 90_000 });
  });

  it('by a pattern is due by the clock of its zone, summer and winter', () => {
    expect(nextDue(monday, moment('2026-03-23T12:00:00Z'))).to.equal(moment('2026-03-30T07:00:00Z'));
    expect(nextDue(monday, moment('2026-10-19T12:00:00Z'))).to.equal(moment('2026-10-26T08:00:00Z'));
    const nightly: Schedule = { kind: 'cron', pattern: '30 2 * * *', timeZone: 'Europe/Berlin' };
    // Of a time that the clock leaves out, the day is not left out.
    expect(nextDue(nightly, moment('2026-03-28T12:00:00Z'))).to.equal(moment('2026-03-29T01:00:00Z'));
    // Of a time that it shows twice, there is one.
    expect(nextDue(nightly, moment('2026-10-24T12:00:00Z'))).to.equal(moment('2026-10-25T00:30:00Z'));
    expect(nextDue(nightly, moment('2026-10-25T00:30:00Z'))).to.equal(moment('2026-10-26T01:30:00Z'));
  });

  it('by a pattern counts what was missed, up to a limit, and goes on with the last', () => {
    const first = moment('2026-11-02T08:00:00Z');
    expect(latestDue(monday, first, moment('2026-11-17T00:00:00Z'))).to.deep.equal({
      dueAt: moment('2026-11-16T08:00:00Z'),
      missed: 2,
    });
    const secondly: Schedule = { kind: 'cron', pattern: '* * * * * *', timeZone: 'UTC' };
    expect(latestDue(secondly, 0, 3_600_500)).to.deep.equal({ dueAt: 3_600_000, missed: 200 });
  });

  it('is read as it was written, and what cannot be is refused', () => {
    for (const schedule of [{ kind: 'once' } as const, every, monday]) {
      const writer = new ByteWriter();
      writeSchedule(schedule, writer);
      expect(readSchedule(new ByteReader(writer.take()))).to.deep.equal(schedule);
    }
    expect(() => readSchedule(new ByteReader(Buffer.from([3])))).to.throw('unknown kind 3');
    expect(() => readSchedule(new ByteReader(Buffer.alloc(9, 1)))).not.to.throw();
    expect(() => readSchedule(new ByteReader(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0])))).to.throw('the period 0');
  });
});
