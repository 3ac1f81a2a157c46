import { expect } from 'chai';
import {
  CALM_MACHINES,
  DEFAULT_MACHINES,
  drawMachines,
  type MachineChaos,
} from '../../../../lib/simulation/chaos/profile/machine-chaos';
import { Swarm } from '../../../../lib/simulation/chaos/profile/swarm';
import { KeyedRolls } from '../../../../lib/simulation/random/keyed-rolls';

const SEEDS = 2_000;
const drawn: readonly MachineChaos[] = Array.from({ length: SEEDS }, (_, seed) =>
  drawMachines(new Swarm(new KeyedRolls(seed + 1))),
);

/** The figure is drawn from the range, all of it, in the share of seeds. */
function expectRange(of: (profile: MachineChaos) => number, low: number, high: number, share: number): void {
  const found = drawn.map(of).filter((figure) => figure > 0);
  const slack = (high - low) * 0.03;
  expect(Math.min(...found)).to.be.within(low, low + slack);
  expect(Math.max(...found)).to.be.within(high - slack, high);
  expect(found.length / SEEDS).to.be.within(share - 0.05, Math.min(1, share + 0.05));
}

describe('The faults of machines', () => {
  it('have under default the figures of the table', () => {
    expect(DEFAULT_MACHINES).to.deep.include({
      device: {
        readMs: [0.05, 0.2],
        writeMs: [0.1, 0.5],
        syncMs: [1, 5],
        operationsPerSecond: 25_000,
        bytesPerSecond: 150_000_000,
      },
      deviceErrors: { readProbability: 0, writeProbability: 0, syncProbability: 0 },
      deviceCrashes: {
        cleanProbability: 0.1,
        lostProbability: 0.1,
        rollbackProbability: 0.25,
        rollbackSectors: 8,
        latentFaultProbability: 0.05,
      },
      clocks: { wallOffsetMs: 100, wallDriftMs: 100, rateDeviation: 0 },
      sleeps: { probability: 0.25, maxMs: 100 },
    });
    expect([
      DEFAULT_MACHINES.deviceStalls.stallProbability,
      DEFAULT_MACHINES.deviceStalls.throttleProbability,
    ]).to.deep.equal([0, 0]);
    expect([
      DEFAULT_MACHINES.clockSteps.probability,
      DEFAULT_MACHINES.pauses.probability,
      DEFAULT_MACHINES.callCrashes.probability,
    ]).to.deep.equal([0, 0, 0]);
  });

  it('do not come by chance when it is calm', () => {
    const { deviceCrashes: lossOfPower, ...others } = CALM_MACHINES;
    const probabilities = Object.values(others).flatMap((family) =>
      Object.entries(family).filter(([name]) => /probability$/i.test(name)),
    );
    expect(probabilities).to.have.length(16);
    for (const [name, probability] of probabilities) expect(probability, name).to.equal(0);
    expect(lossOfPower).to.equal(DEFAULT_MACHINES.deviceCrashes);
  });

  it('are drawn under hostile from the ranges of the table, each family in half of the seeds', () => {
    expectRange(({ device }) => device.operationsPerSecond, 100, 100_000, 1);
    expectRange(({ device }) => device.bytesPerSecond, 1_000_000, 500_000_000, 1);
    expectRange(({ deviceErrors }) => deviceErrors.readProbability, 0, 0.001, 0.5);
    expectRange(({ deviceErrors }) => deviceErrors.writeProbability, 0, 0.001, 0.5);
    expectRange(({ deviceErrors }) => deviceErrors.syncProbability, 0, 0.000_5, 0.5);
    expectRange(({ deviceStalls }) => deviceStalls.stallProbability, 0, 0.001, 0.5);
    expectRange(({ deviceStalls }) => deviceStalls.throttleProbability, 0, 0.001, 0.5);
    expectRange(({ clocks }) => clocks.wallDriftMs, 50, 149, 0.5);
    expectRange(({ clocks }) => clocks.rateDeviation, 0.000_5, 0.000_5, 0.5);
    expectRange(({ clockSteps }) => clockSteps.probability, 0, 0.05, 0.5);
    expectRange(({ sleeps }) => sleeps.maxMs, 50, 149, 0.5);
    expectRange(({ pauses }) => pauses.probability, 0, 0.001, 0.5);
    expectRange(({ attrition }) => attrition.probability, 0.2, 0.8, 0.5);
    expectRange(({ callCrashes }) => callCrashes.probability, 0, 0.000_1, 0.5);
    expectRange(({ store }) => store.slowProbability, 0, 0.02, 0.5);
    expectRange(({ store }) => store.lateAnswerProbability, 0, 0.02, 0.5);
    expectRange(({ store }) => store.unavailableProbability, 0, 0.02, 0.25);
    expectRange(({ store }) => store.answerLostProbability, 0, 0.02, 0.25);
  });
});
