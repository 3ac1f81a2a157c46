import { expect } from 'chai';
import { Actor, Handler, type ContainerModule } from 'moonpool';
import { MembershipStore, Metrics } from 'moonpool/modules';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import type { JoinRequest, MembershipView } from '../../lib/cluster/membership-store';
import { ClusterFixture, eventually, failureOf } from '../activation/cluster-fixture';

@Actor({ name: 'Desk' })
class Desk {
  @Handler() async ask(): Promise<number> {
    return 1;
  }
}

/** A store that is away for a moment just when a node has joined. */
class StoreAwayAfterJoin extends MemoryMembershipStore {
  private isAway = false;

  override async join(request: JoinRequest, expectedVersion: number): ReturnType<MemoryMembershipStore['join']> {
    const node = await super.join(request, expectedVersion);
    this.isAway = request.name === 'unlucky';
    return node;
  }

  override async read(): Promise<MembershipView> {
    if (!this.isAway) return super.read();
    this.isAway = false;
    throw new Error('the store is away');
  }
}

/** A store that is away whenever the spec says so. */
class StoreThatGoesAway extends MemoryMembershipStore {
  isAway = false;

  override async read(): Promise<MembershipView> {
    if (this.isAway) throw new Error('the store is away');
    return super.read();
  }
}

describe('A node whose store of members is away', () => {
  it('is degraded, serves those that are active, is ready all the same, and recovers by itself', async () => {
    const fixture = new ClusterFixture([Desk]);
    const store = new StoreThatGoesAway();
    const module: ContainerModule = { name: 'store', load: (bind) => bind(MembershipStore).toValue(store) };
    const lease = { ttlMs: 60 };
    const node = await fixture.node('n1', { modules: fixture.with(module), lease });
    const reached = (): number | undefined =>
      node
        .service(Metrics)
        .collect()
        .find(({ definition }) => definition.name === 'moonpool.cluster.store_reached')?.value;
    expect([node.inspect().node.state, reached()]).to.deep.equal(['ready', 1]);
    store.isAway = true;
    await eventually(() => node.inspect().node.state === 'degraded');
    expect(reached()).to.equal(0);
    expect(await node.actor(Desk, 'a').ask()).to.equal(1);
    expect(await node.health()).to.deep.include({ live: true, ready: true });
    store.isAway = false;
    await eventually(() => node.inspect().node.state === 'ready');
    expect(reached()).to.equal(1);
    await fixture.shutdown();
  });
});

describe('A node that has joined and cannot start', () => {
  it('says so: nobody places actors on it until its lease would have run out', async () => {
    const fixture = new ClusterFixture([Desk]);
    const store = new StoreAwayAfterJoin();
    const module: ContainerModule = { name: 'store', load: (bind) => bind(MembershipStore).toValue(store) };
    const modules = fixture.with(module);
    const failure = await failureOf(fixture.node('unlucky', { modules }));
    expect(failure).to.have.property('code', 'STORAGE_UNAVAILABLE');
    expect(failure.message).to.contain('could not list the members: the store is away');
    const node = await fixture.node('other', { modules });
    const { members } = await store.read();
    expect(members.map(({ name, status }) => [name, status])).to.deep.equal([
      ['other', 'active'],
      ['unlucky', 'dead'],
    ]);
    for (let key = 0; key < 20; key++) expect(await node.actor(Desk, `${key}`).ask()).to.equal(1);
    await fixture.shutdown();
  });
});
