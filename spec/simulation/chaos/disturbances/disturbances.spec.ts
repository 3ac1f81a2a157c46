import { expect } from 'chai';
import { Attrition } from '../../../../lib/simulation/chaos/disturbances/attrition';
import { CallCrashes } from '../../../../lib/simulation/chaos/disturbances/call-crashes';
import { ClockSteps } from '../../../../lib/simulation/chaos/disturbances/clock-steps';
import { repeat, type ChaosTarget, type Disturbance } from '../../../../lib/simulation/chaos/disturbances/disturbance';
import { CALM_MACHINES } from '../../../../lib/simulation/chaos/profile/machine-chaos';
import { Pauses } from '../../../../lib/simulation/chaos/disturbances/pauses';
import { eventKind } from '../../../../lib/simulation/timeline/event-queue';
import type { SimulationEngine } from '../../../../lib/simulation/engine/simulation-engine';
import { engineOf, sleepIn } from '../../engine/engine-fixture';
import { NotedTarget } from './chaos-target';

const KIND = eventKind('spec-chaos');
const ATTRITION = { ...CALM_MACHINES.attrition, probability: 0.5, minDownMs: 1_000, maxDownMs: 10_000 };

/** Lets a disturbance act for the virtual time, and returns its target. */
async function disturb(
  forMs: number,
  make: (engine: SimulationEngine, target: ChaosTarget) => Disturbance,
  target = new NotedTarget(),
): Promise<NotedTarget> {
  const engine = engineOf(1);
  let goesOn = true;
  await engine.run(async () => {
    repeat(engine, KIND, make(engine, target), () => goesOn);
    await sleepIn(engine, forMs);
    goesOn = false;
    const before = target.done.filter(([verb]) => verb !== 'restart').length;
    await sleepIn(engine, 100_000);
    expect(
      target.done.filter(([verb]) => verb !== 'restart'),
      'nothing begins once it is over',
    ).to.have.length(before);
  });
  return target;
}

describe('Chaos', () => {
  it('takes nodes out in order, by a crash, or with their disk, as often as the weights say, and brings all back', async () => {
    const target = await disturb(3_400_000, (engine, to) => new Attrition(engine, to, ATTRITION));
    const [graceful, crashes, wipes] = ['shutdown', 'crash', 'wipe'].map((verb) => target.count(verb)) as [
      number,
      number,
      number,
    ];
    const all = graceful + crashes + wipes;
    expect(all).to.be.within(500, 650);
    expect(graceful / all).to.be.within(0.24, 0.36);
    expect(crashes / all).to.be.within(0.43, 0.57);
    expect(wipes / all).to.be.within(0.14, 0.26);
    expect(target.count('restart')).to.equal(all);
    expect(target.down.size).to.equal(0);
  });

  it('never takes out more nodes at once than it may, and never the last', async () => {
    const wild = { ...ATTRITION, probability: 1, minDownMs: 20_000, maxDownMs: 60_000 };
    expect((await disturb(1_000_000, (engine, to) => new Attrition(engine, to, wild))).mostDown).to.equal(4);
    expect(
      (await disturb(1_000_000, (engine, to) => new Attrition(engine, to, wild), new NotedTarget(2))).mostDown,
    ).to.equal(2);
  });

  it('pauses processes for a moment as a rule, and now and then for half a minute', async () => {
    const target = await disturb(
      1_000_000,
      (engine, to) => new Pauses(engine, to, { probability: 0.1, minMs: 10, maxMs: 30_000 }),
    );
    const lengths = target.done.map(([, , forMs]) => forMs as number);
    expect(lengths.length).to.be.within(420, 580);
    expect(Math.min(...lengths)).to.be.within(10, 15);
    expect(Math.max(...lengths)).to.be.within(20_000, 30_000);
    expect(lengths.filter((forMs) => forMs < 550).length / lengths.length).to.be.within(0.44, 0.56);
  });

  it('sets wall clocks forth and back, of nodes that are down too', async () => {
    const target = new NotedTarget();
    target.down.add('node3');
    await disturb(
      200_000,
      (engine, to) => new ClockSteps(engine, to, { probability: 0.5, minMs: 1, maxMs: 3_600_000 }),
      target,
    );
    const steps = target.done.map(([, , byMs]) => byMs as number);
    expect(steps.filter((byMs) => byMs > 0).length / steps.length).to.be.within(0.42, 0.58);
    expect(Math.max(...steps.map(Math.abs))).to.be.greaterThan(1_800_000);
    expect(new Set(target.done.map(([, node]) => node)).size).to.equal(5);
  });

  it('lets a process die at a call of a provider, which is then not made, and brings it back', async () => {
    const engine = engineOf(1);
    const target = new NotedTarget();
    const faults = { probability: 0.01, minDownMs: 1_000, maxDownMs: 2_000 };
    const crashes = new CallCrashes(engine, target, faults, () => true);
    let calls = 0;
    await engine.run(async () => {
      for (let generation = 1; generation <= 50; generation++) {
        const life = engine.beginLife('node1', generation);
        crashes.watch(life);
        target.crashNode = (node) => {
          target.done.push(['crash', node]);
          engine.endLife(life);
        };
        while (life.enter()) calls++;
        expect(life.isAlive).to.equal(false);
      }
      await sleepIn(engine, 3_000);
    });
    expect([target.count('crash'), target.count('restart')]).to.deep.equal([50, 50]);
    expect(calls / 50).to.be.within(60, 160);
    expect(engine.staleCalls).to.equal(0);
  });
});
