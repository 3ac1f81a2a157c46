import { expect } from 'chai';
import {
  DEFAULT_NETWORK_CHAOS,
  CALM_NETWORK,
  drawNetwork,
  type NetworkChaos,
} from '../../../../lib/simulation/chaos/profile/network-chaos';
import { Swarm } from '../../../../lib/simulation/chaos/profile/swarm';
import { KeyedRolls } from '../../../../lib/simulation/random/keyed-rolls';

const SEEDS = 2_000;
const drawn: readonly NetworkChaos[] = Array.from({ length: SEEDS }, (_, seed) =>
  drawNetwork(new Swarm(new KeyedRolls(seed + 1))),
);

/** The figure in all seeds whose family is on. */
const figures = (of: (profile: NetworkChaos) => number) => drawn.map(of).filter((figure) => figure > 0);

/** The figure is drawn from the range, all of it, in the share of seeds. */
function expectRange(of: (profile: NetworkChaos) => number, low: number, high: number, share: number): void {
  const found = figures(of);
  const slack = (high - low) * 0.03;
  expect(Math.min(...found)).to.be.within(low, low + slack);
  expect(Math.max(...found)).to.be.within(high - slack, high);
  expect(found.length / SEEDS).to.be.within(share - 0.05, Math.min(1, share + 0.05));
}

describe('The faults of the network', () => {
  it('have under default the figures of the table', () => {
    expect(DEFAULT_NETWORK_CHAOS).to.deep.include({
      delivery: { lowMs: 0.1, highMs: 0.6 },
      connections: { bindMs: [0.05, 0.15], acceptMs: [1, 6], connectMs: [1, 11], connectLimitMs: 3_000 },
      pairLatency: { minMs: 0, maxMs: 0 },
      clogs: { probability: 0, minMs: 100, maxMs: 300 },
      partitions: { probability: 0, minMs: 0, maxMs: 0 },
      temporaryCuts: { probability: 0, minMs: 0, maxMs: 0 },
      losses: { probability: 0 },
      shortTransfers: { probability: 0.25, keepBytes: 1_000 },
      bitFlips: { probability: 0.000_1 },
      closes: { probability: 0.000_01, cooldownMs: 5_000 },
      connects: { refusedProbability: 0.125, hangsProbability: 0.125 },
    });
    expect([
      DEFAULT_NETWORK_CHAOS.localityLatency.isOn,
      DEFAULT_NETWORK_CHAOS.vanishing.halfOpenProbability,
      DEFAULT_NETWORK_CHAOS.vanishing.blackHoleProbability,
    ]).to.deep.equal([false, 0, 0]);
  });

  it('do not exist when it is calm', () => {
    const probabilities = Object.values(CALM_NETWORK).flatMap((family) =>
      Object.entries(family).filter(([name]) => /probability$/i.test(name)),
    );
    expect(probabilities).to.have.length(11);
    for (const [, probability] of probabilities) expect(probability).to.equal(0);
  });

  it('are drawn under hostile from the ranges of the table, each family in half of the seeds', () => {
    expectRange(({ delivery }) => delivery.lowMs, 0.05, 0.2, 1);
    expectRange(({ delivery }) => delivery.highMs, 0.05, 2, 1);
    expectRange(({ delivery }) => delivery.slowProbability ?? 0, 0.001, 0.009, 1);
    expectRange(({ delivery }) => delivery.slowFactor ?? 0, 1, 10, 1);
    expectRange(({ connections }) => connections.acceptMs[1], 1, 15, 1);
    expectRange(({ connections }) => connections.connectMs[1], 1, 100, 1);
    expectRange(({ pairLatency }) => pairLatency.maxMs, 99, 99, 0.5);
    expectRange(({ localityLatency }) => Number(localityLatency.isOn), 1, 1, 0.5);
    expectRange(({ clogs }) => clogs.probability, 0, 0.19, 0.5);
    expectRange(({ partitions }) => partitions.probability, 0, 0.14, 0.5);
    expectRange(({ temporaryCuts }) => temporaryCuts.probability, 0, 0.01, 0.5);
    expectRange(({ losses }) => losses.probability, 0, 0.01, 0.5);
    expectRange(({ shortTransfers }) => shortTransfers.keepBytes, 100, 2_000, 0.5);
    expectRange(({ bitFlips }) => bitFlips.probability, 0.000_01, 0.000_2, 0.5);
    expectRange(({ closes }) => closes.probability, 0.000_001, 0.000_1, 0.5);
    expectRange(({ closes }) => closes.cooldownMs, 1_000, 10_000, 0.5);
    expectRange(({ vanishing }) => vanishing.halfOpenProbability, 0, 0.000_1, 0.5);
    expectRange(({ vanishing }) => vanishing.blackHoleProbability, 0, 0.000_1, 0.5);
    expectRange(({ connects }) => connects.refusedProbability, 0.125, 0.25, 0.5);
    expectRange(({ connects }) => connects.hangsProbability, 0.125, 0.125, 0.25);
    expect([...new Set(drawn.map(({ delivery }) => delivery.shape))].sort()).to.deep.equal([
      'exponential',
      'two-mode',
      'uniform',
    ]);
  });

  it('are switched on and off apart from each other', () => {
    const both = drawn.filter(({ clogs, losses }) => clogs.probability > 0 && losses.probability > 0).length / SEEDS;
    const neither =
      drawn.filter(({ clogs, losses }) => clogs.probability === 0 && losses.probability === 0).length / SEEDS;
    expect(both).to.be.within(0.2, 0.3);
    expect(neither).to.be.within(0.2, 0.3);
  });
});
