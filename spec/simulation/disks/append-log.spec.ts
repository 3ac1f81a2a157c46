import { expect } from 'chai';
import { CALM_PROFILE } from '../../../lib/simulation/chaos/profile/chaos-profile';
import { SimulatedWorld } from '../../../lib/simulation/world/simulated-world';
import { SimulatedStorageDevice } from '../../../lib/simulation/disks/simulated-storage-device';
import { engineOf, sleepIn } from '../engine/engine-fixture';
import { AppendLog } from './append-log';

const SEEDS = 500;
const LIVES = 4;

/** What was found over all seeds. */
interface Findings {
  /** Records that no sync had covered and that survived all the same. */
  spared: number;
  /** Logs that were cut off behind what a sync had covered. */
  cut: number;
  readonly faults: Set<string>;
}

/** Writes a log over several lives, each ended by a loss of power at some moment. Throws when what was synced is gone. */
async function runLives(seed: number, findings: Findings, isLying = false): Promise<void> {
  const engine = engineOf(seed);
  const machine = new SimulatedWorld(engine, CALM_PROFILE).addMachine('node1', '10.0.0.1');
  const { disk } = machine.parts;
  disk.liesAboutSync = isLying;
  const rolls = engine.rolls.sequence('spec');
  let written: readonly string[] = [];
  let durable = 0;
  await engine.run(async () => {
    for (let life = 1; life <= LIVES; life++) {
      const device = new SimulatedStorageDevice(disk, machine.boot());
      const log = await AppendLog.open(device, 'wal/log');
      expect(log.records.length, `seed ${seed}, life ${life}`).to.be.at.least(durable);
      expect(log.records).to.deep.equal(written.slice(0, log.records.length));
      if (log.records.length > durable) findings.spared += log.records.length - durable;
      if (log.records.length < written.length) findings.cut++;
      durable = log.records.length;
      written = log.records;
      void (async () => {
        for (;;) {
          for (let record = rolls.below(4); record >= 0; record--)
            await log.append(`life ${life} `.padEnd(1 + rolls.below(900), '.'));
          const covered = log.records.length;
          await log.sync();
          durable = covered;
        }
      })();
      await sleepIn(engine, rolls.between(0, 40));
      machine.kill('power');
    }
  });
  for (const site of engine.faults.keys()) findings.faults.add(site);
}

describe('A log of records with checksums on a simulated disk', () => {
  it(`has after ${SEEDS * LIVES} losses of power all that was synced, in order, and nothing damaged`, async () => {
    const findings: Findings = { spared: 0, cut: 0, faults: new Set() };
    for (let seed = 1; seed <= SEEDS; seed++) await runLives(seed, findings);
    expect(findings.spared).to.be.greaterThan(100);
    expect(findings.cut).to.be.greaterThan(100);
    expect([...findings.faults].sort()).to.deep.equal(['disk-crash', 'disk-latent-fault']);
  }).timeout(20_000);

  it('loses what was synced when the disk lies about it', async () => {
    let losses = 0;
    for (let seed = 1; seed <= 20; seed++) {
      await runLives(seed, { spared: 0, cut: 0, faults: new Set() }, true).catch(() => losses++);
    }
    expect(losses).to.be.greaterThan(5);
  });
});
