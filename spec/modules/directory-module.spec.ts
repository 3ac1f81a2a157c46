import { expect } from 'chai';
import { Actor, ActorRuntime, ActorState, Handler, memory, Persist, type ContainerModule } from 'moonpool';
import { ActorDirectory, partitionedDirectory, StateStorage } from 'moonpool/modules';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { failureOf } from '../activation/cluster-fixture';

class Amount {
  value = 0;
}

@Actor({ name: 'Jar', placement: 'random' })
class Jar {
  @Persist(Amount) private readonly amount!: ActorState<Amount>;

  @Handler() async put(): Promise<number> {
    this.amount.value.value++;
    await this.amount.persist();
    return this.amount.value.value;
  }

  @Handler() async look(): Promise<number> {
    return this.amount.value.value;
  }
}

describe('The module of a partitioned directory', () => {
  let running: ActorRuntime[] = [];

  afterEach(async () => {
    await Promise.all(running.map((runtime) => runtime.shutdown()));
    running = [];
  });

  async function start(store: ContainerModule, ...modules: ContainerModule[]): Promise<ActorRuntime> {
    const runtime = await ActorRuntime.start({
      namespace: 'spec',
      name: `n${running.length}`,
      actors: [Jar],
      listen: '127.0.0.1:0',
      inProcess: false,
      modules: [store, ...modules],
    });
    running.push(runtime);
    return runtime;
  }

  async function connect(store: ContainerModule): Promise<ActorRuntime> {
    const client = await ActorRuntime.connect({
      namespace: 'spec',
      actors: [Jar],
      inProcess: false,
      modules: [store, partitionedDirectory()],
    });
    running.unshift(client);
    return client;
  }

  it('has actors found by all nodes and clients, whoever owns their ranges', async () => {
    const store = memory();
    const nodes: ActorRuntime[] = [];
    for (let index = 0; index < 3; index++) nodes.push(await start(store, partitionedDirectory()));
    const client = await connect(store);
    const keys = Array.from({ length: 60 }, (_, index) => `j${index}`);
    for (const [round, runtime] of [...nodes, client].entries())
      expect(new Set(await Promise.all(keys.map((key) => runtime.actor(Jar, key).put())))).to.deep.equal(
        new Set([round + 1]),
      );
    const pages = nodes.map((node) => node.inspect().directory);
    expect(pages.map((page) => page?.kind)).to.deep.equal(['partitioned', 'partitioned', 'partitioned']);
    const sum = (field: 'held' | 'registrations' | 'own') =>
      pages.reduce((all, page) => all + (page?.kind === 'partitioned' ? page[field] : 0), 0);
    expect([sum('held'), sum('registrations'), sum('own')]).to.deep.equal([1_024, 60, 60]);
    await nodes[0]?.shutdown();
    running = running.filter((runtime) => runtime !== nodes[0]);
    for (const key of keys) expect(await client.actor(Jar, key).put()).to.equal(5);
  });

  it('has an activation cost no access to the store but the claim of its state', async () => {
    const asked: string[] = [];
    const storage = new MemoryStorage(() => 0);
    const counted: ContainerModule = {
      name: 'counted',
      load(bind) {
        bind(StateStorage).toValue(
          new Proxy(storage, {
            get: (target, name: keyof MemoryStorage) => {
              const member: unknown = target[name];
              if (typeof member !== 'function') return member;
              return (...args: unknown[]) => {
                if (JSON.stringify(args).includes('Jar')) asked.push(name);
                return (member as (...passed: unknown[]) => unknown).apply(target, args);
              };
            },
          }),
        );
        bind(ActorDirectory).toFactory([], () => {
          throw new Error('the directory of the store was asked');
        });
      },
    };
    const store = memory();
    const nodes = [
      await start(store, counted, partitionedDirectory()),
      await start(store, counted, partitionedDirectory()),
    ];
    for (const key of ['a', 'b', 'c', 'd'])
      for (const node of nodes) expect(await node.actor(Jar, key).look()).to.equal(0);
    expect(asked).to.deep.equal(['claim', 'claim', 'claim', 'claim']);
  });

  it('lets no node join whose directory is another one', async () => {
    const store = memory();
    await start(store, partitionedDirectory());
    const error = await failureOf(start(store));
    expect(error).to.include({ code: 'CLUSTER_MISMATCH' });
    expect(error.message).to.contain(
      'its directory is partitioned among the nodes, that of this node kept in the store (partitionedDirectory)',
    );
  });

  it('leaves the directory in the store where it is not listed', async () => {
    const runtime = await start(memory());
    expect(runtime.inspect().directory).to.deep.equal({ kind: 'stored' });
  });
});
