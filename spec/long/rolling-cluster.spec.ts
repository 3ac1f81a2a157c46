import { expect } from 'chai';
import { ActorRuntime, Logger, sqlite, type ContainerModule } from 'moonpool';
import { THIS_RELEASE, unpackPreviousRelease, type Release } from '../rolling/release';
import { Ledger, Teller } from '../rolling/rolling-actors';
import { RollingCluster } from '../rolling/rolling-cluster';

const NODES = ['a', 'b', 'c'] as const;
/** How long the load goes on between two replacements, in milliseconds. */
const BETWEEN_MS = 700;

/** How many calls each client must have made, so that the load was one. */
const ENOUGH_CALLS = 500;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));

/** That a node which ends cannot be reached is no news. */
const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

/** Ends the load: everything was answered, and the ledgers hold what was acknowledged. */
async function expectKept(cluster: RollingCluster, clients: readonly string[]): Promise<void> {
  const { database, secret } = cluster;
  const auditor = await ActorRuntime.connect({
    namespace: 'rolling',
    name: 'auditor',
    actors: [Ledger, Teller],
    modules: [sqlite({ file: database }), silent],
    security: { clusterSecret: secret },
  });
  try {
    for (const client of clients) {
      const { answered, broken, acknowledged } = await cluster.report(client);
      expect(broken.slice(0, 3), client).to.deep.equal([]);
      expect(answered, client).to.be.greaterThan(ENOUGH_CALLS);
      for (const [ledger, total] of Object.entries(acknowledged))
        expect(await auditor.actor(Ledger, ledger).total(), ledger).to.equal(total);
    }
  } finally {
    await auditor.shutdown();
  }
}

describe('A cluster that is replaced node by node, under load', () => {
  let previous: Release & { remove(): void };
  before(function () {
    this.timeout(60_000);
    previous = unpackPreviousRelease();
  });
  after(function () {
    this.timeout(60_000);
    previous.remove();
  });

  it('goes from 0.1.0 to this release, and one node back again: no call is lost, none is executed twice', async function () {
    this.timeout(300_000);
    const cluster = new RollingCluster('correct horse battery staple');
    try {
      for (const name of NODES) await cluster.node(name, previous);
      await cluster.client('old', previous);
      await pause();
      // A client of this release among nodes of the last one alone.
      await cluster.client('new', THIS_RELEASE);
      await pause();
      for (const name of NODES) {
        await cluster.replace(name, THIS_RELEASE);
        await pause();
      }
      await cluster.replace('c', previous);
      await pause();
      await expectKept(cluster, ['old', 'new']);
    } finally {
      expect(await cluster.stop()).to.deep.equal([]);
    }
  });
});
