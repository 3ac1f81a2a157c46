import { expect } from 'chai';
import { concludeActor } from '../../lib/activation/activation-end';
import { SHUTTING_DOWN } from '../../lib/activation/end-reasons';
import { Deferred } from '../../lib/concurrency/deferred';
import type { RefusalDetails } from '../../lib/observability/refusal-log';
import { TimeLimits } from '../../lib/providers/time-limits';
import { ManualTimers } from '../scheduling/manual-timers';

describe('The end of an actor', () => {
  let log: string[];
  let time: ManualTimers;
  let written: Deferred<void>;
  let failure: Error | undefined;

  const conclude = (onDeactivate?: () => void): Promise<boolean> => {
    const activation = {
      target: { path: 'spec/Account/a' },
      durable: {
        settled: () => written.promise,
        ended: () => log.push('it has ended'),
        get failure() {
          return failure;
        },
      },
      instance: onDeactivate === undefined ? {} : { onDeactivate },
      runHook: async (_hook: unknown, _limitMs: number, code: () => unknown) => void (await code()),
    };
    const parts = {
      refusals: {
        note: (kind: string, _source: unknown, details: () => RefusalDetails) =>
          log.push(`${kind}: ${String(details().error)}`),
      },
      ...{ limits: new TimeLimits(time), deactivationLimitMs: 1_000 },
    };
    type Given = Parameters<typeof concludeActor>;
    return concludeActor(activation as unknown as Given[0], parts as unknown as Given[1], SHUTTING_DOWN);
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    [log, time, written, failure] = [[], new ManualTimers(), new Deferred(), undefined];
  });

  it('comes when what its hook has changed is durable, and not before: another one may then take its place', async () => {
    const end = conclude(() => void log.push('its hook runs'));
    await settled();
    expect(log).to.deep.equal(['its hook runs']);
    written.resolve();
    expect(await end).to.equal(true);
    expect(log).to.deep.equal(['its hook runs', 'it has ended']);
  });

  it('was none in order when something of it could not be written, which nobody may go on with', async () => {
    written.resolve();
    failure = new Error('the store has refused it');
    expect(await conclude()).to.equal(false);
  });

  it('is told to the log by what failed: its hook, or what it wrote last', async () => {
    written.reject(new Error('the store is away'));
    expect(await conclude(() => void log.push('its hook runs'))).to.equal(false);
    expect(log[1]).to.match(/^what an actor wrote last could not be written when it ended: .*the store is away/);
  });

  it('was none in order when its hook fails, or takes longer than it may', async () => {
    const failed = await conclude(() => {
      throw new Error('no');
    });
    const late = conclude();
    time.pass(1_000);
    expect([failed, await late]).to.deep.equal([false, false]);
    expect(log[0]).to.equal('onDeactivate failed: Error: no');
    expect(log[1]).to.contain('did not end').and.contain('1000 ms');
  });
});
