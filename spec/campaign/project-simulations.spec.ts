import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { declaringFiles, LEFT_OUT, simulationFiles } from './project-simulations';

describe('The campaign over all simulations', () => {
  it('finds every file that declares one, and leaves out only what says why', () => {
    const all = declaringFiles();
    expect(
      LEFT_OUT.filter(({ path }) => !all.some((file) => file.startsWith(path))),
      'left out though it is not there',
    ).to.deep.equal([]);
    expect(simulationFiles()).to.include.members([
      'samples/bank-account/bank-simulation.js',
      'spec/scenarios/topologies.spec.js',
    ]);
    expect(simulationFiles()).not.to.include('samples/ticket-office/careless-simulation.js');
  });

  it('can load each of them outside of a test runner', async function () {
    this.timeout(60_000);
    const script = `console.log(JSON.stringify(require(${JSON.stringify(join(__dirname, 'project-simulations.js'))}).projectSimulations().map(({ title }) => title)))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', script]);
    const titles = JSON.parse(stdout) as string[];
    expect(titles).to.include.members([
      'BankSimulation transfersConserveMoney',
      'ObserverSimulation listenersAreToldAgain',
    ]);
    expect(new Set(titles).size).to.equal(titles.length);
    expect(titles.length).to.be.at.least(simulationFiles().length);
  });
});
