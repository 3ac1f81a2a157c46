import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import type { CallFilter } from '../../lib/actor/call-filter';
import type { Invocation } from '../../lib/calls/invocation';
import { FilteredCalls, type FilteredCallsParts } from '../../lib/messaging/filtered-calls';
import { invocationOf } from '../calls/call-fixture';
import { ManualTimers } from '../scheduling/manual-timers';

describe('Calls on their way through filters', () => {
  let time: ManualTimers;
  let takes: number;
  let calls: FilteredCalls;

  beforeEach(() => {
    [time, takes] = [new ManualTimers(), 0];
    const filter: CallFilter = async (_call, next) => {
      time.at += takes;
      return next();
    };
    calls = new FilteredCalls({
      filters: [filter],
      time,
      callTimeoutMs: 1_000,
      dropped: {},
    } as unknown as FilteredCallsParts);
  });

  it('leave nothing at the signal of their caller, which may live for long, however they end', async () => {
    const { signal } = new AbortController();
    const invocation = invocationOf('spec/Account/a', { options: { signal } });
    const ends = await Promise.allSettled([
      calls.call(invocation, async () => 'done'),
      calls.call(invocation, () => Promise.reject(new Error('no'))),
    ]);
    expect(ends.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected']);
    expect([getEventListeners(signal, 'abort').length, calls.size]).to.deep.equal([0, 0]);
  });

  it('have as much time left as the filters have not taken', async () => {
    const made: (number | undefined)[] = [];
    const make = async ({ options }: Invocation) => void made.push(options?.timeoutMs);
    await calls.call(invocationOf('spec/Account/a'), make);
    takes = 300;
    await calls.call(invocationOf('spec/Account/a'), make);
    await calls.call(invocationOf('spec/Account/a', { options: { timeoutMs: 400 } }), make);
    takes = 1_000;
    const late = await calls.call(invocationOf('spec/Account/a'), make).catch((error: unknown) => error);
    expect(made).to.deep.equal([undefined, 700, 100]);
    expect(late).to.include({ code: 'CALL_TIMEOUT', executed: 'no' });
  });
});
