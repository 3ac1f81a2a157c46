import { expect } from 'chai';
import { FaultSwitch } from '../../../lib/simulation/random/keyed-rolls';
import { SimulatedClock } from '../../../lib/simulation/providers/simulated-clock';
import { SimulatedTimeProvider } from '../../../lib/simulation/providers/simulated-time-provider';
import { SlowSleeps } from '../../../lib/simulation/providers/slow-sleeps';
import { engineOf } from '../engine/engine-fixture';

describe('A sleep on a busy machine', () => {
  it('lasts longer in a quarter of all cases, mostly hardly, now and then by almost the most that there is; a timer never does', async () => {
    const engine = engineOf(1);
    const faults = new FaultSwitch();
    const clock = new SimulatedClock(engine, { monotonicOffsetMs: 0, wallOffsetMs: 0, rate: 1 });
    const time = new SimulatedTimeProvider(
      engine,
      clock,
      engine.beginLife('a', 1),
      new SlowSleeps(engine, { probability: 0.25, maxMs: 100 }, faults),
    );
    const extras: number[] = [];
    const sleep = async () => {
      const before = time.now();
      await time.sleep(5);
      return time.now() - before - 5;
    };
    await engine.run(async () => {
      expect(await sleep()).to.equal(0);
      faults.areOn = true;
      for (let round = 0; round < 20_000; round++) extras.push(await sleep());
      const before = time.now();
      await new Promise<void>((resolve) => void time.schedule(5, resolve));
      expect(time.now() - before).to.equal(5);
    });
    expect(Math.min(...extras)).to.equal(0);
    expect(Math.max(...extras)).to.be.within(50, 100);
    // Of those that are longer, 1 - 0.1^(1/1000) of all exceed a tenth of the most: 0.23 %.
    expect(extras.filter((extraMs) => extraMs > 10).length / extras.length).to.be.within(0.000_2, 0.001_2);
  });
});
