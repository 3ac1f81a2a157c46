import 'reflect-metadata';
import { expect } from 'chai';
import { isMoonpoolError } from '../../../../lib/errors/moonpool-error';
import type { SimulatedCluster } from '../../../../lib/simulation/cluster/simulated-cluster';
import { Actor, ActorContext, Handler, inject } from 'moonpool';
import { tryCluster } from '../../cluster/cluster-fixture';
import { Ledger } from '../../cluster/ledger-fixture';

const books = (cluster: SimulatedCluster) => cluster.client().actor(Ledger, 'books');

/** Takes its time. */
@Actor({ name: 'Scribe' })
class Scribe {
  static begun = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async write(): Promise<void> {
    Scribe.begun++;
    await this.context.time.sleep(10_000);
  }
}

/** A check that is never over when nobody awaits it. */
async function audit(cluster: SimulatedCluster): Promise<void> {
  if ((await books(cluster).entries()).length !== 2) throw new Error('the books are wrong');
}

describe('A test that forgets to await', () => {
  it('a check fails, and names the call that was cut off', async () => {
    const { error } = await tryCluster(async (cluster) => {
      await books(cluster).append(1);
      void audit(cluster);
    });
    expect(isMoonpoolError(error, 'TEST_NOT_AWAITED')).to.equal(true);
    expect(String(error)).to.match(/client1 for the answer of entries of simulation\/Ledger\/books, called at/);
  });

  it('many calls is told the first of them, and how many more there are', async () => {
    const { error } = await tryCluster(async (cluster) => {
      for (let call = 0; call < 7; call++) void books(cluster).append(call);
    });
    expect(String(error)).to.match(/TEST_NOT_AWAITED[^]*append[^]*and 2 more/);
  });

  it('a check that has failed already fails with what it has found', async () => {
    const { error } = await tryCluster(async (cluster) => {
      void audit(cluster);
      await cluster.sleep(5_000);
    });
    expect(isMoonpoolError(error, 'UNHANDLED_REJECTION')).to.equal(true);
    expect(String(error)).to.contain('the books are wrong');
  });
});

describe('A test that awaits what it has begun', () => {
  it('passes, with load beside it and one-way calls that are under way', async () => {
    const { error } = await tryCluster(async (cluster) => {
      const test = { isOver: false };
      const load = (async () => {
        while (!test.isOver) await books(cluster).append(1);
      })();
      await cluster.sleep(1_000);
      test.isOver = true;
      await load;
      books(cluster).$send.append(2);
    });
    expect(error).to.equal(undefined);
  });

  it('passes, while its client still brings what was delivered', async () => {
    const { error } = await tryCluster(
      async (cluster) => {
        await cluster.client().actor(Scribe, 's').$deliver.write();
        while (Scribe.begun === 0) await cluster.sleep(10);
      },
      { statics: { actors: [Scribe] } },
    );
    expect(error).to.equal(undefined);
  });
});
