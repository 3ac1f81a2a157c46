import { expect } from 'chai';
import { MoonpoolError } from '../../../lib/errors/moonpool-error';
import { eventKind } from '../../../lib/simulation/timeline/event-queue';
import { never } from '../../../lib/simulation/timeline/node-life';
import { settleAtOnce, settleByHops } from '../../../lib/simulation/engine/settle';
import { TIME_GRAIN_MS } from '../../../lib/simulation/timeline/virtual-time';
import { engineOf, errorOf, sleepIn } from './engine-fixture';

const TEST = eventKind('spec');

/** Ten tasks that sleep and draw; gives the order in which they woke. */
async function busyRun(seed: number, pump = settleAtOnce): Promise<{ order: string; fingerprint: string }> {
  const engine = engineOf(seed, { pump });
  const order: string[] = [];
  const rolls = engine.rolls.sequence('delay');
  await engine.run(async () => {
    const tasks = Array.from({ length: 10 }, async (_, task) => {
      for (let round = 0; round < 20; round++) {
        await sleepIn(engine, rolls.below(3));
        order.push(`${task}`);
        engine.record(undefined, 'test:woke', { task, round });
      }
    });
    await Promise.all(tasks);
  });
  return { order: order.join(''), fingerprint: engine.fingerprint };
}

describe('The simulation engine', () => {
  it('lets events happen in the order of their times, and moves the clock to each', async () => {
    const engine = engineOf(1);
    const seen: [string, number][] = [];
    await engine.run(async () => {
      const wake = async (name: string, delayMs: number) => {
        await sleepIn(engine, delayMs);
        seen.push([name, engine.now]);
      };
      await Promise.all([wake('c', 3_600_000 - 1), wake('a', 0.5), wake('b', 10)]);
    });
    expect(seen).to.deep.equal([
      ['a', 0.5],
      ['b', 10],
      ['c', 3_600_000 - 1],
    ]);
  });

  it('orders what happens at one time by the seed', async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const engine = engineOf(seed);
      let order = '';
      await engine.run(async () => {
        await Promise.all(
          ['a', 'b', 'c'].map(async (name) => {
            await sleepIn(engine, 1);
            order += name;
          }),
        );
      });
      orders.add(order);
    }
    expect(orders.size).to.be.greaterThan(4);
  });

  it('puts delays on a grain of time, rounded up, so that nothing happens too early', async () => {
    const engine = engineOf(1);
    await engine.run(async () => {
      await sleepIn(engine, 10 / 3);
      expect(engine.now).to.be.at.least(10 / 3);
      expect(engine.now - 10 / 3).to.be.lessThan(TIME_GRAIN_MS);
      expect(engine.now % TIME_GRAIN_MS).to.equal(0);
    });
  });

  it('takes the same way twice with one seed, and another way with another seed', async () => {
    const [first, again, other] = [await busyRun(7), await busyRun(7), await busyRun(8)];
    expect(again).to.deep.equal(first);
    expect(other.order).to.not.equal(first.order);
    expect(other.fingerprint).to.not.equal(first.fingerprint);
  });

  it('takes the same way however promise jobs are settled', async () => {
    expect(await busyRun(7, settleByHops)).to.deep.equal(await busyRun(7, settleAtOnce));
  });

  it('never does what a life had before it when the life ends', async () => {
    const engine = engineOf(1);
    const life = engine.beginLife('node1', 1);
    const seen: string[] = [];
    await engine.run(async () => {
      engine.schedule(5, TEST, life, () => seen.push('of the dead'));
      engine.schedule(5, TEST, undefined, () => seen.push('of the world'));
      await sleepIn(engine, 1);
      expect(engine.endLife(life)).to.equal(1);
      await sleepIn(engine, 10);
    });
    expect(seen).to.deep.equal(['of the world']);
    expect(life.isAlive).to.equal(false);
    expect(life.enter()).to.equal(false);
    expect(engine.staleCalls).to.equal(1);
  });

  it('says who waits for what when nothing is left to happen', async () => {
    const engine = engineOf(1);
    engine.reportsWaits(() => ['node1 for an answer of node2']);
    const error = await errorOf(engine.run(() => never()));
    expect(error).to.be.instanceOf(MoonpoolError).with.property('code', 'SIMULATION_DEADLOCK');
    expect(error.message).to.contain('node1 for an answer of node2');
  });

  it('ends a run that goes past its budget of virtual time', async () => {
    const engine = engineOf(1, { budget: { virtualLimitMs: 1000 } });
    const error = await errorOf(
      engine.run(async () => {
        for (;;) await sleepIn(engine, 100);
      }),
    );
    expect(error).to.have.property('code', 'SIMULATION_BUDGET_EXCEEDED');
    expect(error.message).to.contain('1,000 ms of virtual time (virtualLimitMs)');
    expect(engine.now).to.equal(1000);
  });

  it('ends a run in which time stands still, by the number of its events', async () => {
    const engine = engineOf(1, { budget: { eventLimit: 500 } });
    const error = await errorOf(
      engine.run(async () => {
        for (;;) await sleepIn(engine, 0);
      }),
    );
    expect(error).to.have.property('code', 'SIMULATION_BUDGET_EXCEEDED');
    expect(error.message).to.contain('500 events');
  });

  it('ends a run that takes too long by the real clock, since no test runner could', async () => {
    let real = 0;
    const engine = engineOf(1, { clock: { now: () => (real += 600) }, budget: { realLimitMs: 1000 } });
    const error = await errorOf(
      engine.run(async () => {
        for (;;) await sleepIn(engine, 1);
      }),
    );
    expect(error).to.have.property('code', 'SIMULATION_BUDGET_EXCEEDED');
    expect(error.message).to.contain('1,000 ms of real time');
  });

  for (const [name, pump] of [
    ['at once', settleAtOnce],
    ['by hops', settleByHops],
  ] as const) {
    it(`fails when a rejection is handled by nobody, settling ${name}, and gives the runner its listeners back`, async () => {
      const before = process.listeners('unhandledRejection');
      const engine = engineOf(1, { pump });
      const error = await errorOf(
        engine.run(async () => {
          void Promise.reject(new Error('forgotten'));
          await sleepIn(engine, 5);
        }),
      );
      expect(error).to.have.property('code', 'UNHANDLED_REJECTION');
      expect(error.message).to.contain('A promise was rejected and nobody handled it: forgotten');
      expect(process.listeners('unhandledRejection')).to.deep.equal(before);
    });
  }

  it('fails with what an event throws', async () => {
    const engine = engineOf(1);
    const error = await errorOf(
      engine.run(async () => {
        engine.schedule(1, TEST, undefined, () => {
          throw new Error('in an event');
        });
        await sleepIn(engine, 5);
      }),
    );
    expect(error.message).to.equal('in an event');
    expect(engine.now).to.equal(1);
  });

  it('looks after each event and its promise jobs, and fails with what the observer throws', async () => {
    const engine = engineOf(1);
    let balance = 0;
    engine.afterEachEvent(() => {
      if (balance !== 0) throw new Error(`out of balance at ${engine.now}`);
    });
    const error = await errorOf(
      engine.run(async () => {
        await sleepIn(engine, 1);
        balance++;
        await undefined;
        balance--;
        await sleepIn(engine, 1);
        balance++;
        await sleepIn(engine, 1);
      }),
    );
    expect(error.message).to.equal('out of balance at 2');
  });

  it('fails with what the body throws, at once', async () => {
    const engine = engineOf(1);
    const error = await errorOf(
      engine.run(async () => {
        await sleepIn(engine, 1);
        throw new Error('of the body');
      }),
    );
    expect(error.message).to.equal('of the body');
  });
});
