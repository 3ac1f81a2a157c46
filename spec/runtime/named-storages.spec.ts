import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Actor,
  Handler,
  memory,
  MoonpoolError,
  namedStorage,
  Persist,
  sqlite,
  type ActorClass,
  type ActorState,
  type ContainerModule,
} from 'moonpool';
import { NamedStorages, StateStorage, StorageModel } from 'moonpool/modules';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { ClusterFixture, failureOf } from '../activation/cluster-fixture';

class Photo {
  width = 0;
}

/** Has a state in each of the storages of these names, and one in the default storage. */
function albumIn(...storages: readonly string[]): ActorClass {
  class Album {
    @Persist(Photo) readonly cover!: ActorState<Photo>;
    @Handler() async widen(by: number): Promise<Record<string, number>> {
      const widths: Record<string, number> = {};
      for (const name of ['cover', ...storages]) {
        const state = (this as unknown as Record<string, ActorState<Photo>>)[name] as ActorState<Photo>;
        state.value.width += by;
        if (by > 0) await state.persist();
        widths[name] = state.value.width;
      }
      return widths;
    }
  }
  for (const storage of storages) Persist(Photo, { storage })(Album.prototype, storage);
  Actor({ name: 'Album' })(Album);
  return Album;
}

type Widening = { widen(by: number): Promise<Record<string, number>> };

describe('Named storages', () => {
  let clusters: ClusterFixture[];
  let folder: string;

  beforeEach(async () => {
    clusters = [];
    folder = await mkdtemp(join(tmpdir(), 'named-storages-'));
  });
  afterEach(async () => {
    for (const cluster of clusters) await cluster.shutdown();
    await rm(folder, { recursive: true });
  });

  const file = (name: string): string => join(folder, name);

  async function start(
    actor: ActorClass,
    ...modules: readonly ContainerModule[]
  ): Promise<(by: number) => Promise<unknown>> {
    const cluster = new ClusterFixture([actor]);
    clusters.push(cluster);
    const runtime = await cluster.node('n1', { modules: cluster.with(...modules) });
    return (by) => (runtime.actor(actor as new () => Widening, 'a') as Widening).widen(by);
  }

  async function refusal(actor: ActorClass, ...modules: readonly ContainerModule[]): Promise<string> {
    return String(await failureOf(start(actor, ...modules)));
  }

  describe('are refused at start', () => {
    it('when a state asks for a name that nobody gives, with its class, its name and the names that there are', async () => {
      const said = await refusal(
        albumIn('arhcive', 'x'),
        namedStorage('archive', memory()),
        namedStorage('paper', memory()),
      );
      expect(said)
        .to.match(/^MoonpoolError: MISSING_BINDING/)
        .and.to.include(
          "The actor class Album keeps its state 'arhcive' in the storage 'arhcive', to which no module gives that name; there are 'archive', 'paper'; did you mean 'archive'?",
        )
        .and.to.include(
          "keeps its state 'x' in the storage 'x', to which no module gives that name; there are 'archive', 'paper'",
        );
      expect(await refusal(albumIn('archive'))).to.include('there is none');
    });

    it('when two have one name', async () => {
      const said = await refusal(
        albumIn(),
        namedStorage('archive', memory()),
        namedStorage('archive', sqlite({ file: file('a') })),
      );
      expect(said).to.match(
        /INVALID_MODULE: Two storages have the name 'archive': one of the module memory, and one of the module sqlite/,
      );
    });

    it('when the module binds no storage', async () => {
      const empty: ContainerModule = { name: 'empty', load: () => undefined };
      expect(await refusal(albumIn('archive'), namedStorage('archive', empty))).to.match(
        /INVALID_MODULE: The module empty binds no StateStorage, and the storage 'archive' is to be made of it/,
      );
    });

    it('when what is contributed is none, or the name is empty', async () => {
      const wrong: ContainerModule = {
        name: 'wrong',
        load: (_bind, contribute) => contribute(NamedStorages, { name: 'archive' } as never),
      };
      expect(await refusal(albumIn(), wrong)).to.match(/INVALID_MODULE: The module wrong contributes what it must not/);
      expect(() => namedStorage('', memory())).to.throw(MoonpoolError, /INVALID_OPTION/);
      expect(() => namedStorage('archive', memory as never)).to.throw(/List what memory returns|container module/);
    });

    it('when one is the same place as another', async () => {
      const shared = memory();
      expect(await refusal(albumIn('archive'), shared, namedStorage('archive', shared))).to.match(
        /INVALID_MODULE: The storage 'archive' is the same place as the default storage/,
      );
      const one = sqlite({ file: file('one') });
      expect(await refusal(albumIn('archive'), one, namedStorage('archive', sqlite({ file: file('one') })))).to.match(
        /is the same place as the default storage: a claim in one shows in the other/,
      );
      const two = [namedStorage('a', sqlite({ file: file('two') })), namedStorage('b', sqlite({ file: file('two') }))];
      expect(await refusal(albumIn('a', 'b'), ...two)).to.match(/'b' is the same place as the storage 'a'/);
      // Once that is corrected, nothing is left of it.
      const apart = [one, namedStorage('archive', sqlite({ file: file('three') }))];
      expect(await (await start(albumIn('archive'), ...apart))(1)).to.deep.equal({ cover: 1, archive: 1 });
    });
  });

  it('may have a name that nobody asks for, and is not made then', async () => {
    const widen = await start(albumIn(), namedStorage('archive', sqlite({ file: file('archive') })));
    expect(await widen(1)).to.deep.equal({ cover: 1 });
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('are not asked for by clients', async () => {
    const actor = albumIn('archive');
    const cluster = new ClusterFixture([actor]);
    clusters.push(cluster);
    await cluster.node('n1', { modules: cluster.with(namedStorage('archive', memory())) });
    const client = await cluster.client();
    expect(await (client.actor(actor as new () => Widening, 'a') as Widening).widen(2)).to.deep.equal({
      cover: 2,
      archive: 2,
    });
  });

  it('start and stop with their node', async () => {
    const life: string[] = [];
    class Engine extends MemoryStorage {
      constructor() {
        super(Date.now);
      }
      start(): void {
        life.push('start');
      }
      stop(): void {
        life.push('stop');
      }
    }
    const engine: ContainerModule = {
      name: 'engine',
      load: (bind) => bind(StateStorage).toFactory([], () => new Engine()),
    };
    const widen = await start(albumIn('archive'), namedStorage('archive', engine));
    expect(await widen(1)).to.deep.equal({ cover: 1, archive: 1 });
    await clusters[0]?.shutdown();
    expect(life).to.deep.equal(['start', 'stop']);
  });

  it('may be of an engine of the user, contributed to the list itself', async () => {
    const model = new StorageModel(Date.now);
    const engine: ContainerModule = {
      name: 'engine',
      load: (bind) => bind(StateStorage).toValue(Object.assign(new MemoryStorage(Date.now), { model })),
    };
    const module: ContainerModule = {
      name: 'mine',
      load: (_bind, contribute) => contribute(NamedStorages, { name: 'archive', module: engine }),
    };
    expect(await (await start(albumIn('archive'), module))(3)).to.deep.equal({ cover: 3, archive: 3 });
    expect(model.read('spec/Album/a')?.version).to.equal(1);
  });

  for (const [what, usual] of [
    ['memory and SQLite', () => memory()],
    ['two files of SQLite', () => sqlite({ file: file('default') })],
  ] as const)
    it(`keep what they were given when a node starts again, of ${what}`, async () => {
      const modules = [usual(), namedStorage('archive', sqlite({ file: file('archive') }))];
      const before = await start(albumIn('archive'), ...modules);
      await before(1);
      expect(await before(2)).to.deep.equal({ cover: 3, archive: 3 });
      await clusters[0]?.shutdown();
      expect(await (await start(albumIn('archive'), ...modules))(0)).to.deep.equal({ cover: 3, archive: 3 });
      // Of the module of SQLite only the storage is used, so that there is no file of members.
      expect((await readdir(folder)).filter((name) => name.includes('cluster'))).not.to.include('archive-cluster');
    });
});
