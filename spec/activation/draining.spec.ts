import { expect } from 'chai';
import { drain, type DrainingParts } from '../../lib/activation/draining';
import { GradualEnding } from '../../lib/activation/gradual-ending';
import { quietBuggify } from '../../lib/chaos/buggify';
import { Deferred } from '../../lib/concurrency/deferred';
import { ManualTimers } from '../scheduling/manual-timers';

describe('The drain of a node', () => {
  let time: ManualTimers;
  let log: string[];
  let moved: Deferred<void>;
  let ended: Deferred<void>;

  beforeEach(() => {
    [time, log, moved, ended] = [new ManualTimers(), [], new Deferred(), new Deferred()];
  });

  const begin = (limitMs: number, moveLimitMs: number): Promise<boolean> => {
    const activation = (name: string, isRegistered: boolean) => ({
      ...{ target: { path: `spec/${name}` }, isRegistered, isActive: true, loop: { running: 0 } },
      deactivate: () => ended.promise,
    });
    const all = [activation('Account/a', true), activation('Pulse', false)];
    return drain({
      activations: { all },
      evacuation: {
        run: (of: readonly unknown[]) => {
          log.push(`${of.length} are moved`);
          return moved.promise;
        },
        stop: () => log.push(`no more moves from ${time.at} on`),
      },
      ending: new GradualEnding({ yield: async () => undefined }, quietBuggify),
      maker: { stop: () => log.push('nothing is made any more') },
      ...{ time, limitMs, moveLimitMs },
      logger: { warn: (message: string, fields: object) => log.push(`${message}: ${JSON.stringify(fields)}`) },
    } as unknown as DrainingParts);
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('leaves no timer behind, which would keep the process from ending', async () => {
    const drained = begin(30_000, 5_000);
    moved.resolve();
    ended.resolve();
    expect([await drained, time.timers]).to.deep.equal([true, 0]);
    expect(log).to.deep.equal(['1 are moved', 'nothing is made any more']);
  });

  it('has no moves begun for which there is no time, half of it where there is little', async () => {
    void begin(30_000, 5_000);
    time.pass(24_999);
    expect(log).to.deep.equal(['1 are moved']);
    time.pass(1);
    expect(log.at(-1)).to.equal('no more moves from 25000 on');
    [time, log] = [new ManualTimers(), []];
    void begin(4_000, 5_000);
    time.pass(2_000);
    expect(log.at(-1)).to.equal('no more moves from 2000 on');
  });

  it('is cut off after its limit, and says whom that has met', async () => {
    const drained = begin(30_000, 5_000);
    moved.resolve();
    await settled();
    time.pass(30_000);
    expect([await drained, time.timers]).to.deep.equal([false, 0]);
    expect(log.at(-1)).to.equal(
      'the drain took too long; activations were cut off: {"count":2,"first":"spec/Account/a, spec/Pulse"}',
    );
  });
});
