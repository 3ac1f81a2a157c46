import { expect } from 'chai';
import { isMoonpoolError } from '../../../lib/errors/moonpool-error';
import { readChaosOrder, repeatCommand } from './chaos-order';

describe('The order of a campaign of chaos', () => {
  it('is read, and says how to do the same again', () => {
    const args = ['--seed', '7', '--minutes', '0.5', '--store', 'sqlite', '--nodes', '5', '--only', 'stop,kill'];
    const order = readChaosOrder(args);
    if (order === undefined) throw new Error('There is an order');
    expect(order).to.include({ seed: 7, minutes: 0.5, nodes: 5, clients: 2, isControl: false });
    expect([order.stores, order.kinds]).to.deep.equal([['sqlite'], ['kill', 'stop']]);
    expect(repeatCommand(order)).to.equal(
      'npm run chaos -- --seed 7 --minutes 0.5 --store sqlite --network all --nodes 5 --clients 2 --only kill,stop',
    );
  });

  it('may be of rolling restarts alone', () => {
    const order = readChaosOrder(['--restarts', '50', '--store', 'sqlite']);
    if (order === undefined) throw new Error('There is an order');
    expect([order.restarts, order.kinds]).to.deep.equal([50, ['restart']]);
    expect(repeatCommand(order)).to.equal(
      'npm run chaos -- --seed 1 --restarts 50 --store sqlite --network proxies --nodes 3 --clients 2',
    );
  });

  it('is both stores and all faults when nothing is said, and none when help is asked for', () => {
    const order = readChaosOrder([]);
    expect(order?.stores).to.deep.equal(['sqlite', 'postgres']);
    expect(order?.networks).to.deep.equal(['proxies', 'namespaces']);
    expect(order?.kinds).to.have.length(10);
    expect(readChaosOrder(['--help'])).to.equal(undefined);
  });

  it('refuses what it does not know, and what cannot be', () => {
    for (const args of [
      ['--seed', '-1'],
      ['--seed', '4294967296'],
      ['--minutes', '0'],
      ['--minutes', 'long'],
      ['--store', 'oracle'],
      ['--nodes', '2'],
      ['--nodes', '6'],
      ['--clients', '0'],
      ['--only', 'kill,fire'],
      ['--only', ''],
      ['--only', 'server', '--store', 'sqlite'],
      ['--only', 'server,store', '--store', 'sqlite'],
      ['--network', 'pigeons'],
      ['--only', 'unplug', '--network', 'proxies'],
      ['--restarts', '0'],
      ['--restarts', '3', '--minutes', '1'],
      ['--restarts', '3', '--only', 'restart'],
      ['--rounds', '3'],
      ['7'],
    ])
      expect(() => readChaosOrder(args), args.join(' '))
        .to.throw()
        .that.satisfies((error: unknown) => {
          return isMoonpoolError(error, 'INVALID_OPTION') && error.remedy.includes('npm run chaos');
        });
  });
});
