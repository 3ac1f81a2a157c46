import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  Persist,
  inject,
  type ActorReference,
  type ActorRuntime,
  type ActorState,
} from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import { relayed } from '../../lib/providers/store-operations';
import { STATE_OPERATIONS } from '../../lib/storage/state-storage';
import { StoredActors } from '../../lib/runtime/stored-actors';
import { ClusterFixture, codeOf } from '../activation/cluster-fixture';

class Note {
  text = '';
}

@Actor({ name: 'Page', persist: 'after-turn' })
class Page {
  @Persist(Note) private readonly note!: ActorState<Note>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async write(text: string): Promise<void> {
    this.note.value.text = text;
  }

  @Handler({ readOnly: true }) async read(): Promise<string> {
    return this.note.value.text;
  }

  @Handler() async remove(): Promise<void> {
    await this.context.destroy();
  }

  @Handler() async removeAndFail(): Promise<void> {
    await this.context.destroy();
    throw new Error('on purpose');
  }
}

@Actor({ name: 'Pageant' })
class Pageant {
  @Persist(Note) private readonly note!: ActorState<Note>;

  @Handler() async write(): Promise<void> {
    await this.note.persist();
  }
}

@Actor({ name: 'Stateless' })
class Stateless {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async remove(): Promise<void> {
    await this.context.destroy();
  }
}

describe('The actors that something is stored of', () => {
  let fixture: ClusterFixture;
  let node: ActorRuntime;
  const keysOf = async (actors: AsyncIterable<ActorReference<Page>>): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { $id } of actors) keys.push($id.key ?? '');
    return keys;
  };
  beforeEach(async () => {
    fixture = new ClusterFixture([Page, Pageant, Stateless]);
    node = await fixture.node();
    for (const key of ['eu/b', 'eu/a', 'us/a', 'eu']) await node.actor(Page, key).write(key);
    await node.actor(Pageant, 'eu/a').write();
    // It is active and has written nothing.
    await node.actor(Page, 'eu/z').read();
  });
  afterEach(() => fixture.shutdown());

  it('are found by their class and the beginning of their keys, in order, by nodes and by clients', async () => {
    expect(await keysOf(node.actors(Page))).to.deep.equal(['eu', 'eu/a', 'eu/b', 'us/a']);
    const client = await fixture.client();
    expect(await keysOf(client.actors(Page, { prefix: 'eu/' }))).to.deep.equal(['eu/a', 'eu/b']);
    for await (const page of client.actors(Page, { prefix: 'us/' })) expect(await page.read()).to.equal('us/a');
  });

  it('are found from behind a key on, so many at most', async () => {
    expect(await keysOf(node.actors(Page, { after: 'eu', limit: 2 }))).to.deep.equal(['eu/a', 'eu/b']);
    expect(await keysOf(node.actors(Page, { after: 'us/a' }))).to.deep.equal([]);
  });

  it('are counted', async () => {
    expect([await node.actors(Page).count(), await node.actors(Page, { prefix: 'eu/' }).count()]).to.deep.equal([4, 2]);
  });

  it('are asked for no more when the runtime has ended, which says so, and so are dead letters and moves', async () => {
    const client = await fixture.client();
    const actors = client.actors(Page);
    const letters = client.deadLetters();
    expect(await actors.count()).to.equal(4);
    await client.shutdown();
    const first = async (found: AsyncIterable<unknown>): Promise<unknown> => found[Symbol.asyncIterator]().next();
    for (const asked of [
      actors.count(),
      first(actors),
      first(letters),
      letters.discard('a'),
      client.migrate(Page, 'a'),
    ])
      expect(await codeOf(asked)).to.equal('RUNTIME_NOT_READY');
    expect(await node.actors(Page).count()).to.equal(4);
  });

  it('are waited for no longer than a call is, and so are dead letters, where a store does not answer', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const silent = relayed<StateStorage>(STATE_OPERATIONS, never);
    const modules = fixture.with({ name: 'silent', load: (bind) => bind(StateStorage).toValue(silent) });
    const client = await fixture.client({ modules, messaging: { callTimeoutMs: 20 } });
    const first = async (found: AsyncIterable<unknown>): Promise<unknown> => found[Symbol.asyncIterator]().next();
    const actors = client.actors(Page);
    for (const asked of [actors.count(), first(actors), first(client.deadLetters()), client.deadLetters().discard('a')])
      expect(await codeOf(asked)).to.equal('STORAGE_UNAVAILABLE');
  });

  it('are read a page at a time', async () => {
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => node.actor(Page, `many/${String(index).padStart(4, '0')}`).write('x')),
    );
    expect(await keysOf(node.actors(Page, { prefix: 'many/', limit: 550 }))).to.have.length(550);
    expect(new Set(await keysOf(node.actors(Page, { prefix: 'many/' }))).size).to.equal(600);
  });

  it('are those of classes that the runtime knows', () => {
    class Unknown {}
    expect(() => node.actors(Unknown)).to.throw('UNKNOWN_ACTOR');
    expect(() => node.actors(Page, { limit: 0 })).to.throw('INVALID_OPTION');
  });

  it('are there no more when they are deleted, with all that was remembered of them', async () => {
    const keyed = node.actor(Page, 'eu/a').$with({ idempotencyKey: 'k' });
    await keyed.write('first');
    await node.actor(Page, 'eu/a').remove();
    expect(await node.actor(Page, 'eu/a').read()).to.equal('');
    expect(await keysOf(node.actors(Page, { prefix: 'eu/' }))).to.deep.equal(['eu/b']);
    // What was answered under the key is forgotten too.
    await keyed.write('second');
    expect(await node.actor(Page, 'eu/a').read()).to.equal('second');
  });

  it('stay when the turn that deletes them fails', async () => {
    expect(
      await node
        .actor(Page, 'eu/a')
        .removeAndFail()
        .catch((error: Error) => error.message),
    ).to.equal('on purpose');
    expect(await node.actor(Page, 'eu/a').read()).to.equal('eu/a');
  });

  it('are the only ones that can be deleted', async () => {
    expect(await codeOf(node.actor(Stateless, 'a').remove())).to.equal('HANDLER_FAILED');
  });

  it('are each found once, on however many pages they are read', async () => {
    const all = Array.from({ length: 600 }, (_, index) => `shop/Page/${String(index).padStart(3, '0')}`);
    const list = async ({ limit, after = '' }: { readonly limit: number; readonly after?: string }) => {
      const rest = all.filter((actor) => actor > after);
      return { actors: rest.slice(0, limit).map((actor) => ({ actor, version: 1 })), isLast: rest.length <= limit };
    };
    const reference = (key: string): ActorReference<Page> => key as unknown as ActorReference<Page>;
    const found: unknown[] = [];
    for await (const page of new StoredActors({ storage: { list } as never, path: 'shop/Page/', reference }, {}))
      found.push(page);
    expect(found).to.deep.equal(all.map((actor) => actor.slice('shop/Page/'.length)));
  });

  it('are an error by a code when an engine does not list or count them', async () => {
    const reference = (key: string): ActorReference<Page> => key as unknown as ActorReference<Page>;
    const of = (storage: object) => new StoredActors({ storage: storage as never, path: 'shop/Page/', reference }, {});
    const read = async (list: unknown): Promise<void> => {
      for await (const page of of({ list })) expect(page).to.equal('a');
    };
    const actors = [{ actor: 'shop/Page/a', version: 1 }];
    for (const wrong of [undefined, null, { actors: 'a', isLast: true }, { actors: [null], isLast: true }, { actors }])
      expect(await codeOf(read(async () => wrong))).to.equal('STORAGE_UNAVAILABLE');
    // Each page is the first one.
    expect(await codeOf(read(async () => ({ actors, isLast: false })))).to.equal('STORAGE_UNAVAILABLE');
    for (const count of [() => expect.fail('no such table'), async () => 'many', async () => -1])
      expect(await codeOf(of({ count }).count())).to.equal('STORAGE_UNAVAILABLE');
  });
});
