import { expect } from 'chai';
import { futureOf, isHandlerRefusal, type AttemptOutcome } from '../../lib/deliveries/attempt-outcome';
import { DEFAULT_DELIVERY_OPTIONS } from '../../lib/deliveries/delivery-options';
import { isUnplanned, occurrenceOf } from '../../lib/deliveries/delivery-occurrence';
import type { DeliveryRecord, ReminderPart } from '../../lib/deliveries/delivery-record';
import { MoonpoolError } from '../../lib/errors/moonpool-error';

const options = { ...DEFAULT_DELIVERY_OPTIONS, maxRefusals: 2, retryMinMs: 100, retryMaxMs: 1_000 };
/** The longest of each wait. */
const setting = { options, random: { uint32: () => 0, fraction: () => 1, below: () => 0 } };
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
const reminder: ReminderPart = { name: 'r', setting: 's', missed: 0, schedule: { kind: 'every', everyMs: 1_000 } };
const executed: AttemptOutcome = { kind: 'executed', isRemembered: true };
const away: AttemptOutcome = {
  kind: 'failed',
  error: new MoonpoolError('NODE_UNREACHABLE', { message: 'away' }),
  isRemembered: true,
};
const refused: AttemptOutcome = { kind: 'failed', error: new RangeError('no such account'), isRemembered: true };
const at = (dueAt: number, missed = 0) => ({ dueAt, missed });

describe('After an attempt, a message', () => {
  it('that was executed is done', () => {
    expect(futureOf(message, at(5), executed, setting)).to.deep.equal({ became: 'delivered', next: undefined });
  });

  it('that could not be brought there is tried again, each time later, for ever, under its key', () => {
    let record = message;
    const waits: unknown[] = [];
    for (let attempt = 0; attempt < 100; attempt++) {
      const { became, next } = futureOf(record, at(5), away, setting);
      expect(became).to.equal('retried');
      waits.push(next?.due);
      record = next?.record ?? message;
    }
    expect(waits.slice(0, 5)).to.deep.equal([100, 200, 400, 800, 1_000].map((inMs) => ({ inMs })));
    expect(record).to.include({ attempts: 100, refusals: 0, executions: 0, dueAt: 5 });
    expect(record.failure).to.deep.equal({ code: 'NODE_UNREACHABLE', message: 'away' });
  });

  it('that its handler refuses as often as may be is a dead letter, and is executed again under another key', () => {
    const first = futureOf(message, at(5), refused, setting);
    expect(first.became).to.equal('retried');
    expect(first.next?.record).to.include({ refusals: 1, executions: 1 });
    const second = futureOf(first.next?.record ?? message, at(5), refused, setting);
    expect(second.became).to.equal('dead');
    expect(second.next?.due).to.equal('never');
    expect(second.next?.record.failure).to.deep.equal({ code: 'RangeError', message: 'no such account' });
  });

  it('that was executed in part is a dead letter at once, for it must not be executed again', () => {
    const error = new MoonpoolError('IDEMPOTENT_CALL_BROKEN', { message: 'in part' });
    expect(futureOf(message, at(5), { kind: 'failed', error, isRemembered: true }, setting).became).to.equal('dead');
  });

  it('of which nobody knows whether it was executed keeps its key, and so is executed once; a store without room, or with what a later release has written, refuses nothing', () => {
    const unknown = new MoonpoolError('STORAGE_CORRUPT', { message: 'perhaps', executed: 'maybe' });
    const { became, next } = futureOf(
      { ...message, refusals: 1 },
      at(5),
      { kind: 'failed', error: unknown, isRemembered: true },
      setting,
    );
    expect(became).to.equal('retried');
    expect(next?.record).to.include({ refusals: 1, executions: 0 });
    for (const code of [
      'STORAGE_FULL',
      'STORAGE_READ_ONLY',
      'STORAGE_REPLACED',
      'STORAGE_NOT_DURABLE',
      'STORAGE_UNSUITABLE',
      'STORAGE_TOO_NEW',
    ] as const) {
      const cause = new MoonpoolError(code, { message: '' });
      expect(isHandlerRefusal(cause), code).to.equal(false);
      expect(isHandlerRefusal(new MoonpoolError('ACTIVATION_FAILED', { message: '', cause })), code).to.equal(false);
      expect(
        isHandlerRefusal(new MoonpoolError('HANDLER_FAILED', { message: '', cause, executed: 'yes' })),
        code,
      ).to.equal(true);
    }
  });

  it('for an actor, a handler or a node that is not there yet is not refused by that', () => {
    for (const code of [
      'UNKNOWN_ACTOR',
      'UNKNOWN_HANDLER',
      'UNKNOWN_REFERENCE',
      'NO_NODE_AVAILABLE',
      'MAILBOX_FULL',
    ] as const)
      expect(isHandlerRefusal(new MoonpoolError(code, { message: '' })), code).to.equal(false);
    for (const code of ['INVALID_PAYLOAD', 'HANDLER_FAILED', 'STORAGE_CORRUPT', 'ACTIVATION_FAILED'] as const)
      expect(isHandlerRefusal(new MoonpoolError(code, { message: '' })), code).to.equal(true);
    // Each of them may come to an end by a release that is right.
    for (const code of ['STORAGE_TOO_NEW', 'STATE_NOT_REBUILT'] as const) {
      const of = new MoonpoolError(code, { message: '' });
      expect(isHandlerRefusal(new MoonpoolError('ACTIVATION_FAILED', { message: '', cause: of })), code).to.equal(
        false,
      );
    }
    const cause = new MoonpoolError('STATE_FENCED', { message: '' });
    expect(isHandlerRefusal(new MoonpoolError('HANDLER_FAILED', { message: '', cause }))).to.equal(false);
    expect(isHandlerRefusal('text')).to.equal(true);
  });
});

describe('After an attempt, a reminder', () => {
  const record: DeliveryRecord = { ...message, reminder };

  it('with a period is due again after it, and has missed nothing', () => {
    const { became, next } = futureOf(record, at(5_000, 3), executed, setting);
    expect(became).to.equal('delivered');
    expect(next?.due).to.deep.equal({ at: 6_000 });
    expect(next?.record).to.deep.include({ attempts: 0, refusals: 0, dueAt: 6_000, reminder });
  });

  it('is tried again for the same due time, and tells the same', () => {
    const { next } = futureOf(record, at(5_000, 3), away, setting);
    expect(occurrenceOf(next?.record ?? record, 0, 99_999)).to.deep.equal({ dueAt: 5_000, missed: 3 });
  });

  it('that is refused for one due time goes on with the next, which says that one more was missed', () => {
    const first = futureOf(record, at(5_000, 3), refused, setting);
    const { became, next } = futureOf(first.next?.record ?? record, at(5_000, 3), refused, setting);
    expect(became).to.equal('dead');
    expect(next?.due).to.deep.equal({ at: 6_000 });
    expect(occurrenceOf(next?.record ?? record, 6_000, 8_500)).to.deep.equal({ dueAt: 8_000, missed: 6 });
  });

  it('of which its actor knows nothing is not removed by that: it may be one that was not cancelled after all', () => {
    expect(futureOf(record, at(5_000), { kind: 'not-set' }, setting).next?.due).to.deep.equal({ inMs: 100 });
  });

  it('that another node has brought to its actor goes on, and says too much rather than too little', () => {
    const { became, next } = futureOf(record, at(5_000, 3), { kind: 'brought-before' }, setting);
    expect(became).to.equal('delivered');
    expect(next?.due).to.deep.equal({ at: 6_000 });
    expect(next?.record.reminder?.missed).to.equal(4);
  });

  it('that is due once is a dead letter in the end, as a message is', () => {
    const once: DeliveryRecord = { ...record, reminder: { ...reminder, schedule: { kind: 'once' } } };
    expect(futureOf(once, at(5), executed, setting).next).to.equal(undefined);
    const first = futureOf(once, at(5), refused, setting);
    expect(futureOf(first.next?.record ?? once, at(5), refused, setting).next?.due).to.equal('never');
  });

  it('by a pattern has no due time until the store has said when it was set', () => {
    const cron: DeliveryRecord = {
      ...record,
      reminder: { ...reminder, schedule: { kind: 'cron', pattern: '0 * * * *', timeZone: 'UTC' } },
    };
    expect(isUnplanned(cron)).to.equal(true);
    expect(isUnplanned({ ...cron, dueAt: 0 })).to.equal(false);
    expect(isUnplanned(record)).to.equal(false);
  });
});
