import { expect } from 'chai';
import { join } from 'node:path';
import { SeedFarm } from '../../../lib/simulation/farm/seed-farm';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';

const file = join(__dirname, 'fixtures', 'farmed-simulations.js');
const recipes = (count: number) => Array.from({ length: count }, (_, index) => ({ seed: index + 1 }));

async function harvest(
  className: string,
  method: string,
  count: number,
  jobs: number,
  wants: (result: SeedResult) => boolean = () => true,
): Promise<readonly SeedResult[]> {
  const farm = new SeedFarm({ file, className, method }, jobs);
  const results: SeedResult[] = [];
  try {
    await farm.run(recipes(count), (result) => {
      results.push(result);
      return wants(result);
    });
  } finally {
    await farm.close();
  }
  return results;
}

describe('A farm of threads', function () {
  this.timeout(60_000);

  it('brings the same results in the same order, however many threads there are', async () => {
    const withoutTimes = (results: readonly SeedResult[]) => results.map((result) => ({ ...result, realMs: 0 }));
    const alone = await harvest('SteadySimulation', 'appends', 6, 1);
    expect(alone.map(({ seed }) => seed)).to.deep.equal(recipes(6).map(({ seed }) => seed));
    expect(new Set(alone.map(({ hash }) => hash)).size).to.equal(6);
    expect(withoutTimes(await harvest('SteadySimulation', 'appends', 6, 3))).to.deep.equal(withoutTimes(alone));
  });

  it('stops when no more is wanted, and tells of none beyond', async () => {
    const results = await harvest('SteadySimulation', 'appends', 50, 2, ({ seed }) => seed < 3);
    expect(results.map(({ seed }) => seed)).to.deep.equal([1, 2, 3]);
  });

  it('brings the error of a failed seed with its code, message and stack', async () => {
    const failed = (await harvest('FragileSimulation', 'survives', 8, 2)).filter(({ error }) => error !== undefined);
    expect(failed.length).to.be.greaterThan(0);
    const [{ error, struck } = {}] = failed;
    expect(error).to.have.property('code', 'INVARIANT_BROKEN');
    expect((error as Error).stack).to.contain('view-invariants');
    expect(struck?.filter((fault) => fault.startsWith('attrition ')).length).to.be.at.least(2);
  });

  it('blames a run for the death of its thread, and goes on with the others', async () => {
    const results = await harvest('DeadlySimulation', 'ends', 4, 2);
    expect(results.map(({ seed, error }) => [seed, (error as { code?: string } | undefined)?.code])).to.deep.equal([
      [1, undefined],
      [2, 'SIMULATION_THREAD_DIED'],
      [3, undefined],
      [4, undefined],
    ]);
  });

  it('says what is wrong with a file that cannot be used', async () => {
    const error = await harvest('NoSuchSimulation', 'x', 1, 1).catch((thrown: unknown) => thrown);
    expect(String(error)).to.match(
      /has no simulation class NoSuchSimulation\. Name one that it has: SteadySimulation, FragileSimulation/,
    );
  });
});
