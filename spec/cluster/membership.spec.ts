import { expect } from 'chai';
import { Actor, Handler, type ContainerModule } from 'moonpool';
import { MembershipStore } from 'moonpool/modules';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import type { JoinRequest, MembershipView } from '../../lib/cluster/membership-store';
import { ClusterFixture, failureOf } from '../activation/cluster-fixture';

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

describe('A node that has joined and cannot start', () => {
  it('says so: nobody places actors on it until its lease would have run out', async () => {
    const fixture = new ClusterFixture([Desk]);
    const store = new StoreAwayAfterJoin();
    const module: ContainerModule = { name: 'store', load: (bind) => bind(MembershipStore).toValue(store) };
    const modules = fixture.with(module);
    const failure = await failureOf(fixture.node('unlucky', { modules }));
    expect(failure.message).to.equal('the store is away');
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
