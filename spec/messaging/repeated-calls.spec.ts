import { expect } from 'chai';
import { MoonpoolError } from 'moonpool';
import type { Invocation } from '../../lib/calls/invocation';
import { RepeatedCalls } from '../../lib/messaging/repeated-calls';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { ManualTime } from '../scheduling/manual-time';

const LOST = new MoonpoolError('CONNECTION_LOST', { message: 'the connection is gone', executed: 'maybe' });
const NOT_SENT = new MoonpoolError('NODE_UNREACHABLE', { message: 'nothing was sent' });
const ENDED = new MoonpoolError('RUNTIME_NOT_READY', { message: 'the lease was not renewed' });
const DEADLOCK = new MoonpoolError('CALL_DEADLOCK', {
  message: 'The call pay would wait for itself: bank/Purse/a -> bank/Purse/p -> bank/Purse/a',
});
const BEHIND = new MoonpoolError('HANDLER_FAILED', { message: 'pay failed', executed: 'yes', cause: DEADLOCK });
const CANCELLED = new MoonpoolError('CALL_CANCELLED', { message: 'its caller gave it up' });

describe('A call that is repeated', () => {
  /** What the call ends with when its attempts do so. */
  async function outcomeOf(
    attempts: readonly MoonpoolError[],
    signal?: AbortSignal,
    sleep: (time: ManualTime) => Promise<void> = () => Promise.resolve(),
    actor?: string,
    isWorthRepeating?: () => boolean,
  ): Promise<MoonpoolError> {
    const time = new ManualTime();
    const left = [...attempts];
    const calls = new RepeatedCalls({
      time: Object.assign(time, { sleep: () => sleep(time) }),
      random: new Xoshiro128(1),
      options: { callTimeoutMs: 1_000 },
      local: { mark: 'mark' } as never,
      attempt: () => Promise.reject(left.shift() ?? new Error('There was an attempt too many')),
    });
    const invocation = {
      target: { id: { path: 'bank/Purse/p' } },
      handler: { method: 'pay', options: { share: true, idempotent: true } },
      args: [],
      options: signal === undefined ? undefined : { signal },
      scope: actor === undefined ? undefined : { actor, deadline: Infinity },
      ...(isWorthRepeating === undefined ? {} : { isWorthRepeating }),
    } as unknown as Invocation;
    return calls.call(invocation).then(
      () => expect.fail('It was answered'),
      (error: unknown) => error as MoonpoolError,
    );
  }

  it('may have been executed when an attempt may have been, whatever ends it afterwards', async () => {
    const error = await outcomeOf([LOST, NOT_SENT, ENDED]);
    expect(error).to.include({ code: 'RUNTIME_NOT_READY', executed: 'maybe', cause: ENDED });
    expect(error.message).to.contain('the lease was not renewed').and.contain('may have been executed');
    expect(await outcomeOf([LOST, CANCELLED], AbortSignal.timeout(60_000))).to.include({
      code: 'CALL_CANCELLED',
      executed: 'maybe',
    });
  });

  it('says which call it was, and what its last attempt failed with', async () => {
    let waits = 0;
    const error = await outcomeOf(
      [LOST, NOT_SENT],
      undefined,
      async (time) => void (time.at += ++waits === 1 ? 1 : 2_000),
    );
    expect(error).to.include({ code: 'CALL_TIMEOUT', executed: 'maybe' });
    expect(error.detail).to.match(
      /^The call pay of bank\/Purse\/p was repeated .* with NODE_UNREACHABLE: nothing was sent$/,
    );
  });

  it('is not repeated in a turn for which it waits, and elsewhere is', async () => {
    const inTurnOf = (path: string, error: MoonpoolError) =>
      outcomeOf([error, ENDED], undefined, () => Promise.resolve(), path);
    for (const error of [DEADLOCK, BEHIND]) {
      expect(await inTurnOf('bank/Purse/a', error)).to.equal(error);
      expect(await inTurnOf('bank/Purse/p', error)).to.equal(error);
      expect(await inTurnOf('bank/Purse/pp', error)).to.include({ code: 'RUNTIME_NOT_READY' });
      expect(await outcomeOf([error, ENDED])).to.include({ code: 'RUNTIME_NOT_READY' });
    }
  });

  it('has one key in all its attempts, and none of another call', async () => {
    const keys: unknown[] = [];
    const calls = new RepeatedCalls({
      time: Object.assign(new ManualTime(), { sleep: () => Promise.resolve() }),
      random: new Xoshiro128(1),
      options: { callTimeoutMs: 1_000 },
      local: { mark: 'mark' } as never,
      attempt: async ({ options }) => {
        if (keys.push(options?.idempotencyKey) % 3 !== 0) throw LOST;
      },
    });
    const handler = { method: 'pay', options: { share: true, idempotent: true } };
    for (let call = 0; call < 2; call++) await calls.call({ handler, args: [] } as unknown as Invocation);
    expect(keys).to.have.length(6);
    expect(new Set(keys.slice(0, 3)).size).to.equal(1);
    expect(new Set(keys).size).to.equal(2);
  });

  it('ends at once when its caller cancels it between two attempts', async () => {
    const controller = new AbortController();
    const asked = outcomeOf([LOST, CANCELLED], controller.signal, () => new Promise(() => undefined));
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await asked).to.include({ code: 'CALL_CANCELLED', executed: 'maybe' });
  });

  it('ends when whoever makes it has no more patience, and may have been executed by an attempt before', async () => {
    let patience = 2;
    const error = await outcomeOf([LOST, NOT_SENT, NOT_SENT], undefined, undefined, undefined, () => --patience > 0);
    expect(error).to.include({ code: 'NODE_UNREACHABLE', executed: 'maybe', cause: NOT_SENT });
  });

  it('makes no attempt that has no time left, when the wait before it took longer than it was to', async () => {
    const late = async (time: ManualTime): Promise<void> => void (time.at += 5_000);
    expect(await outcomeOf([LOST], undefined, late)).to.equal(LOST);
  });

  it('was not executed when no attempt was, and keeps the error that ends it', async () => {
    expect(await outcomeOf([NOT_SENT, ENDED])).to.equal(ENDED);
  });
});
