import { expect } from 'chai';
import { drawSkew, SimulatedClock } from '../../../lib/simulation/providers/simulated-clock';
import { SimulatedTimeProvider } from '../../../lib/simulation/providers/simulated-time-provider';
import { KeyedRolls } from '../../../lib/simulation/random/keyed-rolls';
import { engineOf } from '../engine/engine-fixture';

describe('The clocks of a simulated machine', () => {
  it('show another time on each machine, so that comparing two of them is noticed', () => {
    const engine = engineOf(1);
    const clocks = ['a', 'b'].map(
      (name) =>
        new SimulatedClock(
          engine,
          drawSkew({ wallOffsetMs: 100, wallDriftMs: 0, rateDeviation: 0 }, new KeyedRolls(1).sequence('clock', name)),
        ),
    );
    expect(Math.abs((clocks[0]?.now() ?? 0) - (clocks[1]?.now() ?? 0))).to.be.greaterThan(1);
  });

  for (const rate of [0.9995, 1, 1.0005]) {
    it(`never fire a timer too early by their own time when they run at a rate of ${rate}`, async () => {
      const engine = engineOf(2);
      const time = new SimulatedTimeProvider(
        engine,
        new SimulatedClock(engine, { monotonicOffsetMs: 123_456.789, wallOffsetMs: 0, rate }),
        engine.beginLife('a', 1),
      );
      await engine.run(async () => {
        for (let round = 1; round <= 200; round++) {
          const delayMs = round * 7.7;
          const before = time.now();
          await time.sleep(delayMs);
          expect(time.now() - before).to.be.within(delayMs, delayMs + 0.01);
        }
      });
    });
  }

  it('keep the wall clock apart from the monotonic one', () => {
    const engine = engineOf(1);
    const clock = new SimulatedClock(engine, { monotonicOffsetMs: 5, wallOffsetMs: 70, rate: 1 });
    expect(new Date(clock.wallClock()).toISOString()).to.equal('2026-01-01T00:00:00.070Z');
  });

  it('let the wall clock drift ahead of the monotonic one up to its bound, and never back', () => {
    const engine = engineOf(1);
    const clock = new SimulatedClock(
      engine,
      { monotonicOffsetMs: 0, wallOffsetMs: 0, wallDriftMs: 100, rate: 1 },
      engine.rolls.sequence('clock-drift', 'a'),
    );
    const origin = Date.UTC(2026, 0, 1);
    const ahead = Array.from({ length: 50 }, () => clock.wallClock() - origin);
    expect(ahead).to.deep.equal([...ahead].sort((a, b) => a - b));
    expect(ahead[0]).to.be.within(0, 50);
    expect(ahead.at(-1)).to.be.within(90, 100);
    expect(clock.now()).to.equal(0);
  });

  it('let the wall clock be set forth and back, and the monotonic one go on', async () => {
    const engine = engineOf(1);
    const clock = new SimulatedClock(engine, { monotonicOffsetMs: 0, wallOffsetMs: 0, rate: 1 });
    const time = new SimulatedTimeProvider(engine, clock, engine.beginLife('a', 1));
    const year = () => new Date(time.wallClock()).getUTCFullYear();
    await engine.run(async () => {
      clock.step(-86_400_000);
      expect([year(), time.now()]).to.deep.equal([2025, 0]);
      clock.step(2 * 86_400_000);
      await time.sleep(10);
      expect([year(), time.now()]).to.deep.equal([2026, 10]);
    });
  });

  it('run at another rate from some moment on, without a leap', async () => {
    const engine = engineOf(1);
    const clock = new SimulatedClock(engine, { monotonicOffsetMs: 0, wallOffsetMs: 0, rate: 1 });
    const time = new SimulatedTimeProvider(engine, clock, engine.beginLife('a', 1));
    await engine.run(async () => {
      await time.sleep(100);
      clock.runAt(0.5);
      expect(time.now()).to.equal(100);
      await time.sleep(100);
      expect([time.now(), engine.now]).to.deep.equal([200, 300]);
      clock.runAt(2);
      await time.sleep(100);
      expect([time.now(), engine.now]).to.deep.equal([300, 350]);
    });
  });

  it('fire no timer of a process that has died', async () => {
    const engine = engineOf(1);
    const life = engine.beginLife('a', 1);
    const clock = new SimulatedClock(engine, { monotonicOffsetMs: 0, wallOffsetMs: 0, rate: 1 });
    const time = new SimulatedTimeProvider(engine, clock, life);
    const test = new SimulatedTimeProvider(engine, clock, engine.beginLife('test', 1));
    let fired = 0;
    await engine.run(async () => {
      time.schedule(5, () => fired++);
      void time.sleep(5).then(() => fired++);
      engine.endLife(life);
      time.schedule(5, () => fired++).cancel();
      void time.sleep(5).then(() => fired++);
      await test.sleep(100);
    });
    expect(fired).to.equal(0);
  });
});
