import { expect } from 'chai';
import { ActorRuntime, Logger, type ContainerModule } from 'moonpool';
import { MembershipStore } from 'moonpool/modules';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';

/** A store that tells of changes when the spec says so. */
class TellingStore extends MemoryMembershipStore {
  reads = 0;
  readonly listeners = new Set<() => void>();

  override async read() {
    this.reads++;
    return super.read();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }
}

describe('The view of a node', () => {
  it('is read as soon as the store tells that it has changed, until the node is shut down', async () => {
    const store = new TellingStore();
    const telling: ContainerModule = {
      name: 'telling',
      load(bind) {
        bind(MembershipStore).toValue(store);
        bind(Logger).toValue({ info() {}, warn() {}, error() {} });
      },
    };
    const cluster = { namespace: 'spec', actors: [], modules: [telling] };
    const node = await ActorRuntime.start({ ...cluster, name: 'a' });
    const client = await ActorRuntime.connect(cluster);
    const before = store.reads;
    store.tell();
    expect(store.reads - before, 'by the node and the client').to.equal(2);
    await client.shutdown();
    expect(store.listeners.size).to.equal(1);
    await node.shutdown();
    expect(store.listeners.size).to.equal(0);
  });
});
