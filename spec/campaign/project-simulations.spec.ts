import { expect } from 'chai';
import { declaringFiles, LEFT_OUT, projectSimulations, simulationFiles } from './project-simulations';

describe('The campaign over all simulations', () => {
  it('finds every file that declares one, and leaves out only what says why', () => {
    const all = declaringFiles();
    expect(LEFT_OUT.filter(({ path }) => !all.some((file) => file.startsWith(path))), 'left out though it is not there').to.deep.equal([]);
    expect(simulationFiles()).to.include.members(['samples/bank-account/bank-simulation.js', 'spec/scenarios/topologies.spec.js']);
    expect(simulationFiles()).not.to.include('samples/ticket-office/careless-simulation.js');
  });

  it('can load each of them outside of a test runner', () => {
    const titles = projectSimulations().map(({ title }) => title);
    expect(titles).to.include.members(['BankSimulation transfersConserveMoney', 'ObserverSimulation listenersAreToldAgain']);
    expect(new Set(titles).size).to.equal(titles.length);
    expect(titles.length).to.be.at.least(simulationFiles().length);
  });
});
