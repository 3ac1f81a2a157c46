import { expect } from 'chai';
import { join } from 'node:path';
import { explore } from '../../../lib/simulation/exploration/explore';
import { SeedFarm } from '../../../lib/simulation/farm/seed-farm';
import { runSeeds } from '../../../lib/simulation/runner/run-seeds';
import { SimulationReport } from '../../../lib/simulation/runner/simulation-report';

const file = join(__dirname, '..', 'farm', 'fixtures', 'farmed-simulations.js');

describe('Exploration', function () {
  this.timeout(60_000);
  const onFarm = async <T>(jobs: number, work: (farm: SeedFarm, report: SimulationReport) => Promise<T>) => {
    const farm = new SeedFarm({ file, className: 'StairsSimulation', method: 'climbs', discovers: true }, jobs);
    const report = new SimulationReport('stairs', String);
    try {
      return { report, outcome: await work(farm, report) };
    } finally {
      await farm.close();
    }
  };
  const climb = (jobs: number, runs = 300) =>
    onFarm(jobs, (farm, report) => explore(farm, report, { runs, seeds: runs / 10 }));

  it('reaches what as many plain seeds do not, by going on from where something new was seen', async () => {
    const plain = await onFarm(2, (farm, report) => runSeeds(farm, 300, report));
    const explored = await climb(2);
    const stepsOf = ({ report }: { report: SimulationReport }) => report.coverage.entries.map(([name]) => name).sort();
    expect(stepsOf(plain)).not.to.include('step 4 is reached');
    expect(stepsOf(explored)).to.include('step 4 is reached');
    expect(explored.report.seeds).to.equal(300);
  });

  it('finds the same with one thread as with three', async () => {
    const [one, three] = [await climb(1, 150), await climb(3, 150)];
    expect([...three.outcome.found]).to.deep.equal([...one.outcome.found]);
    expect(three.report.events).to.equal(one.report.events);
  });
});
