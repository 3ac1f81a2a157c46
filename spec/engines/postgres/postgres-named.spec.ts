import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, Logger, memory, namedStorage, Persist } from 'moonpool';
import type { ActorState, ContainerModule } from 'moonpool';
import { postgres } from 'moonpool/postgres';
import { asAdmin, failureOf, freshSchema } from './postgres-fixture';
import { PostgresServer } from './postgres-server';

class Photo {
  width = 0;
}

@Actor({ name: 'Album' })
class Album {
  @Persist(Photo) private readonly cover!: ActorState<Photo>;
  @Persist(Photo, { storage: 'archive' }) private readonly photo!: ActorState<Photo>;

  @Handler() async widen(by: number): Promise<number> {
    for (const state of [this.photo, this.cover]) {
      state.value.width += by;
      await state.persist();
    }
    return this.cover.value.width + this.photo.value.width;
  }
  @Handler({ readOnly: true }) async widths(): Promise<number[]> {
    return [this.cover.value.width, this.photo.value.width];
  }
}

const quiet: ContainerModule = {
  name: 'quiet',
  load: (bind) => bind(Logger).toValue({ info() {}, warn() {}, error() {} }),
};

describe('A named storage in PostgreSQL', function () {
  this.timeout(60_000);
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.create();
  });
  after(() => server?.remove());

  const inSchema = (schema: string): ContainerModule => postgres({ connection: server.url(), schema, poolSize: 2 });

  async function onNode<T>(
    modules: readonly ContainerModule[],
    body: (runtime: ActorRuntime) => Promise<T>,
  ): Promise<T> {
    const runtime = await ActorRuntime.start({
      namespace: 'spec',
      name: 'n1',
      actors: [Album],
      modules: [quiet, ...modules],
    });
    try {
      return await body(runtime);
    } finally {
      await runtime.shutdown();
    }
  }

  for (const [what, usual] of [
    ['memory', () => memory()],
    ['another schema', () => inSchema(freshSchema())],
  ] as const)
    it(`keeps its states beside ${what}, and they are found when a node starts again`, async () => {
      const schema = freshSchema();
      const modules = [usual(), namedStorage('archive', inSchema(schema))];
      expect(await onNode(modules, (runtime) => runtime.actor(Album, 'a').widen(2))).to.equal(4);
      expect(await onNode(modules, (runtime) => runtime.actor(Album, 'a').widths())).to.deep.equal([2, 2]);
      const [row] = await asAdmin(server, `SELECT version FROM ${schema}.actor_state WHERE actor = 'spec/Album/a'`);
      expect(Number(row?.['version'])).to.equal(1);
    });

  it('must have a schema of its own', async () => {
    const schema = freshSchema();
    const modules = [inSchema(schema), namedStorage('archive', inSchema(schema))];
    expect(String(await failureOf(onNode(modules, async () => undefined)))).to.match(
      /INVALID_MODULE: The storage 'archive' is the same place as the default storage/,
    );
  });
});
