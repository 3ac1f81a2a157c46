import { expect } from 'chai';
import type { Invocation } from '../../lib/calls/invocation';
import { ReferencePort } from '../../lib/calls/reference-port';
import { DeliveryCalls } from '../../lib/deliveries/delivery-calls';
import type { DeliveryRecord } from '../../lib/deliveries/delivery-record';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { MessageBus } from '../../lib/messaging/message-bus';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { ManualTime } from '../scheduling/manual-time';

const message: DeliveryRecord = {
  target: 'spec/Actor/a',
  method: 'work',
  args: Buffer.from('[7]'),
  values: Buffer.from('{"who":"me"}'),
  key: 'k',
  executions: 0,
  attempts: 0,
  refusals: 0,
  dueAt: undefined,
  failure: undefined,
  reminder: undefined,
};
const reminder: DeliveryRecord = {
  ...message,
  reminder: { name: 'r', setting: 's', missed: 0, schedule: { kind: 'once' } },
};
const at = { dueAt: 5, missed: 1 };
const always = (): boolean => true;

describe('The call of a delivery', () => {
  let made: Invocation[];
  let answers: unknown[];
  let calls: DeliveryCalls;
  let time: ManualTime;
  beforeEach(() => {
    made = [];
    answers = [];
    time = new ManualTime();
    const bus = {
      call: async (invocation: Invocation) => {
        made.push(invocation);
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as MessageBus;
    calls = new DeliveryCalls({
      bus,
      serializer: new JsonSerializer(),
      references: new ReferencePort(),
      known: new Map(),
      time,
    });
  });
  const keys = () => made.map(({ options }) => options?.idempotencyKey);

  it('is made with its arguments, what was said about it, and its key, also to a class that nobody knows here', async () => {
    expect(await calls.attempt(message, at, always)).to.deep.equal({ kind: 'executed', isRemembered: true });
    const [invocation] = made;
    expect(invocation?.target.id.path).to.equal('spec/Actor/a');
    expect(invocation?.handler.method).to.equal('work');
    expect(invocation?.args).to.deep.equal([7]);
    expect(invocation?.options).to.deep.include({ context: { who: 'me' }, idempotencyKey: 'k' });
    expect(invocation?.options?.signal?.aborted).to.equal(false);
  });

  it('is repeated as long as its place is not needed for others', async () => {
    let isNeeded = false;
    await calls.attempt(message, at, () => !isNeeded);
    expect(made[0]?.isWorthRepeating?.()).to.equal(true);
    isNeeded = true;
    expect(made[0]?.isWorthRepeating?.()).to.equal(false);
  });

  it('ends when its process gives up what is under way', async () => {
    await calls.attempt(message, at, always);
    await calls.attempt(reminder, at, always);
    calls.giveUp();
    expect(made.map(({ options }) => options?.signal?.aborted)).to.deep.equal([true, true]);
  });

  it('has the same key until its handler refuses it, and for each due time of a reminder one of its own', async () => {
    await calls.attempt({ ...message, attempts: 9 }, at, always);
    await calls.attempt({ ...message, executions: 2 }, at, always);
    await calls.attempt(reminder, at, always);
    await calls.attempt({ ...reminder, executions: 1 }, { dueAt: 6, missed: 0 }, always);
    expect(keys()).to.deep.equal(['k', 'k~2', 'k@5', 'k@6~1']);
  });

  it('of a reminder carries what it is due for, and its data', async () => {
    await calls.attempt(reminder, at, always);
    expect(made[0]?.handler.method).to.equal('$reminder/r');
    expect(made[0]?.args).to.deep.equal([{ name: 'r', setting: 's', dueAt: 5, missed: 1, data: 7 }]);
  });

  it('is made without a key where the actor can remember none, and from then on at once', async () => {
    answers = [new MoonpoolError('NOT_IDEMPOTENT', { message: 'nothing durable' }), 1, 2];
    expect(await calls.attempt(message, at, always)).to.deep.equal({ kind: 'executed', isRemembered: false });
    expect(await calls.attempt(message, at, always)).to.deep.equal({ kind: 'executed', isRemembered: false });
    expect(keys()).to.deep.equal(['k', undefined, undefined]);
  });

  it('has its key again a minute later, for another release may have given the class a state', async () => {
    answers = [new MoonpoolError('NOT_IDEMPOTENT', { message: 'nothing durable' })];
    await calls.attempt(message, at, always);
    time.at += 60_000;
    expect(await calls.attempt(message, at, always)).to.deep.equal({ kind: 'executed', isRemembered: true });
    expect(keys()).to.deep.equal(['k', undefined, 'k']);
  });

  it('tells what came of it', async () => {
    const error = new Error('refused');
    const reused = new MoonpoolError('IDEMPOTENCY_KEY_REUSED', { message: 'another count' });
    answers = [error, 'not-set', 'not-set', reused, reused];
    expect(await calls.attempt(message, at, always)).to.deep.equal({ kind: 'failed', error, isRemembered: true });
    // To a handler the word means nothing.
    expect(await calls.attempt(message, at, always)).to.deep.equal({ kind: 'executed', isRemembered: true });
    expect(await calls.attempt(reminder, at, always)).to.deep.equal({ kind: 'not-set' });
    expect(await calls.attempt(reminder, at, always)).to.deep.equal({ kind: 'brought-before' });
    expect(await calls.attempt(message, at, always)).to.deep.equal({
      kind: 'failed',
      error: reused,
      isRemembered: true,
    });
  });

  it('fails and is not thrown when what is stored cannot be read as arguments', async () => {
    const outcome = await calls.attempt({ ...message, args: Buffer.from('[') }, at, always);
    expect(outcome.kind).to.equal('failed');
    expect(made).to.have.length(0);
  });
});
