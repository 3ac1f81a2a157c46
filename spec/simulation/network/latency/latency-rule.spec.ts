import { expect } from 'chai';
import { type ChaosProfile, CALM_PROFILE } from '../../../../lib/simulation/chaos/profile/chaos-profile';
import { SimulatedWorld } from '../../../../lib/simulation/world/simulated-world';
import { exponential, LOCALITY_LATENCIES } from '../../../../lib/simulation/network/latency/latency-shape';
import { Xoshiro128 } from '../../../../lib/simulation/random/xoshiro128';
import { engineOf } from '../../engine/engine-fixture';

/** The delays of so many transfers on a link of a world with this profile. */
function delays(count: number, profile: Partial<ChaosProfile>, from = 'a', to = 'b'): number[] {
  const world = new SimulatedWorld(engineOf(7), { ...CALM_PROFILE, ...profile });
  world.addMachine('a', '10.0.0.1', { datacenter: 'east', zone: 'one', machine: 'host1' });
  world.addMachine('b', '10.0.0.2', { datacenter: 'east', zone: 'one', machine: 'host1' });
  world.addMachine('c', '10.0.0.3', { datacenter: 'east', zone: 'one', machine: 'host2' });
  world.addMachine('d', '10.0.0.4', { datacenter: 'east', zone: 'two', machine: 'host1' });
  world.addMachine('e', '10.0.0.5', { datacenter: 'west', zone: 'one', machine: 'host1' });
  world.addMachine('nowhere', '10.0.0.6');
  const { conditions } = world.network;
  const link = conditions.link(from, to);
  return Array.from(
    { length: count },
    () => conditions.judge({ link, kind: 'data', stage: 'departure', bytes: 1 }).delayMs,
  );
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('Latency', () => {
  it('spreads evenly over its range unless said otherwise', () => {
    const found = delays(2_000, { delivery: { lowMs: 1, highMs: 2 } });
    expect(Math.min(...found)).to.be.within(1, 1.01);
    expect(Math.max(...found)).to.be.within(1.99, 2);
    expect(mean(found)).to.be.within(1.48, 1.52);
  });

  it('is mostly short and rarely long when it is exponential, and never beyond four times its range', () => {
    const found = delays(20_000, { delivery: { lowMs: 1, highMs: 2, shape: 'exponential' } });
    expect(Math.min(...found)).to.be.at.least(1);
    expect(mean(found)).to.be.within(1.32, 1.35);
    expect(found.filter((ms) => ms > 2).length / found.length).to.be.within(0.045, 0.055);
    expect(Math.max(...found)).to.be.within(2.5, 5);
  });

  it('is now and then many times as long when it has two modes', () => {
    const found = delays(20_000, {
      delivery: { lowMs: 1, highMs: 2, shape: 'two-mode', slowProbability: 0.01, slowFactor: 10 },
    });
    expect(found.filter((ms) => ms > 2).length).to.be.within(140, 220);
    expect(Math.max(...found)).to.be.within(10, 20);
  });

  it('draws exponential numbers of mean one, each bit of the word counting', () => {
    const random = new Xoshiro128(3);
    const found = Array.from({ length: 50_000 }, () => exponential(random));
    expect(mean(found)).to.be.within(0.99, 1.01);
    expect(found.filter((number) => number > Math.log(2)).length / found.length).to.be.within(0.49, 0.51);
  });

  it('of a pair is fixed when they first meet, for each direction apart', () => {
    const profile: Partial<ChaosProfile> = { delivery: { lowMs: 0, highMs: 0 }, pairLatency: { minMs: 0, maxMs: 99 } };
    const [there, back, elsewhere] = [
      delays(50, profile),
      delays(50, profile, 'b', 'a'),
      delays(50, profile, 'a', 'c'),
    ];
    for (const found of [there, back, elsewhere]) expect(new Set(found).size).to.equal(1);
    expect(new Set([there[0], back[0], elsewhere[0]]).size).to.equal(3);
    expect(delays(1, profile, 'a', 'a')).to.deep.equal([0]);
  });

  it('is that of the distance where localities are known, and the usual one elsewhere', () => {
    const profile: Partial<ChaosProfile> = {
      delivery: { lowMs: 500, highMs: 500 },
      localityLatency: LOCALITY_LATENCIES,
    };
    const ranges = { b: [0.01, 0.05], c: [0.1, 0.5], d: [0.5, 2], e: [20, 80], nowhere: [500, 500] } as const;
    for (const [to, [low, high]] of Object.entries(ranges)) {
      for (const ms of delays(100, profile, 'a', to)) expect(ms, to).to.be.within(low, high);
    }
  });
});
