import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  Logger,
  memory,
  Observer,
  ObserverSet,
  Reentrant,
  Timer,
  type ActorReference,
  type CallFilter,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import { LocalSystem } from 'moonpool/local';
import { FlowTransport, RpcInterface, RpcMethod } from 'moonpool/rpc';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { onCluster } from '../simulation/cluster/cluster-fixture';

/** What an application keeps: who is logged in. */
const user = new AsyncLocalStorage<string>();
const seen = new Map<string, unknown>();
const note = (where: string): void =>
  void seen.set(where, [...new Set([...((seen.get(where) as unknown[] | undefined) ?? []), user.getStore()])]);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

@Observer({ name: 'Ear' })
class Ear {
  @Handler() async hear(): Promise<void> {
    note('an observer');
    await sleep(1);
    note('an observer after a wait');
  }
}

@Actor({ name: 'Base' })
class Base {
  protected readonly ears: ObserverSet<Ear>;
  constructor(@inject(ActorContext) protected readonly context: ActorContext) {
    note('a constructor');
    this.ears = new ObserverSet(context);
  }
  async onActivate(): Promise<void> {
    note('onActivate');
    await Promise.resolve();
    note('onActivate after a wait');
    this.context.timer(() => note('a timer of the context'), { everyMs: 2 });
  }
  onDeactivate(): void {
    note('onDeactivate');
  }
  @Timer({ everyMs: 2 }) tick(): void {
    note('a declared timer');
  }
  @Handler() async ask(ms = 0): Promise<unknown> {
    note('a handler');
    if (ms > 0) await sleep(ms);
    note('a handler after a wait');
    return user.run('set in the handler', async () => {
      await Promise.resolve();
      return user.getStore();
    });
  }
  /** Calls another actor of its node in the midst of a context of its own, and leaves one behind. */
  @Handler() async nest(other: ActorReference<Base>): Promise<unknown> {
    user.enterWith('left behind');
    const answer = user.run('around the call', () => other.ask());
    return [await answer, user.getStore()];
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
  @Handler() async join(ear: ActorReference<Ear>): Promise<void> {
    this.ears.subscribe(ear);
  }
  @Handler() async tell(): Promise<number> {
    return this.ears.notify((ear) => {
      note('the callback of notify');
      return ear.hear();
    });
  }
}

@Actor({ name: 'Alone' })
class Alone extends Base {}

/** Its turns are distinguished by a storage of the runtime's own. */
@Actor({ name: 'Overlapping' })
@Reentrant()
class Overlapping extends Base {}

@Actor({ name: 'Choosing' })
@Reentrant(() => (note('a predicate of @Reentrant'), true))
class Choosing extends Base {}

@RpcInterface({ id: 0xabe })
class Service {
  @RpcMethod(0) async ask(): Promise<string> {
    note('a fixed endpoint');
    return 'answer';
  }
}

describe('What an application keeps in an AsyncLocalStorage', () => {
  const ends: (() => Promise<void>)[] = [];
  const filter: CallFilter = (_call, next) => {
    note('an incoming filter');
    return next();
  };
  const quiet: ContainerModule = {
    name: 'quiet',
    load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
  };
  const options = (store: ContainerModule, inProcess: boolean): StartOptions => ({
    namespace: 'spec',
    actors: [Alone, Overlapping, Choosing],
    observers: [Ear],
    modules: [store, quiet],
    inProcess,
    incoming: [filter],
  });
  const as = <T>(who: string, code: () => Promise<T>): Promise<T> => user.run(who, code);

  beforeEach(() => seen.clear());
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  for (const route of ['near', 'within the process', 'far']) {
    for (const type of [Alone, Overlapping, Choosing]) {
      it(`does not reach the turns of others: actors of ${type.name}, ${route}`, async () => {
        const store = memory();
        const node = await as('who starts', () =>
          ActorRuntime.start({
            ...options(store, route !== 'far'),
            name: 'n1',
            startup: [{ name: 's', run: () => (note('a startup task'), () => note('what ends a startup task')) }],
          }),
        );
        ends.push(() => as('who stops', () => node.shutdown()));
        const caller =
          route === 'near'
            ? node
            : await as('who connects', () => ActorRuntime.connect(options(store, route !== 'far')));
        ends.push(() => as('who stops', () => caller.shutdown()));
        const actor = caller.actor(type, 'a');
        await as('alice', async () => {
          // Several wait for each other, so that some turns are begun by the end of others.
          const answers = await Promise.all([
            actor.ask(2),
            as('bob', () => actor.ask()),
            as('carol', () => actor.ask(1)),
            actor.ask(),
          ]);
          expect(answers).to.deep.equal(Array.from({ length: 4 }, () => 'set in the handler'));
          expect(user.getStore()).to.equal('alice');
        });
        expect(await as('alice', () => actor.nest(caller.actor(type, 'other')))).to.deep.equal([
          'set in the handler',
          'left behind',
        ]);
        await as('dave', async () => {
          await caller.observe(new Ear(), (ear) => actor.join(ear));
          expect(await as('erin', () => actor.tell())).to.equal(1);
          expect(user.getStore()).to.equal('dave');
        });
        await sleep(10);
        await as('frank', () => actor.leave());
        await sleep(10);
        for (const end of ends.splice(0).reverse()) await end();
        for (const [where, what] of seen) expect(what, where).to.deep.equal([undefined]);
        const expected = [
          'a constructor',
          'onActivate',
          'onActivate after a wait',
          'onDeactivate',
          'a timer of the context',
          'a declared timer',
          'a handler',
          'a handler after a wait',
          'an observer',
          'an observer after a wait',
          'the callback of notify',
          ...(type === Choosing ? ['a predicate of @Reentrant'] : []),
          'an incoming filter',
          'a startup task',
          'what ends a startup task',
        ];
        expect([...seen.keys()].sort()).to.deep.equal(expected.sort());
      });
    }
  }

  it('is there again after each wait of the one who calls, also for a call that fails or takes too long', async () => {
    const node = await ActorRuntime.start({ ...options(memory(), true), name: 'n1' });
    ends.push(() => node.shutdown());
    await as('alice', async () => {
      await node
        .actor(Alone, 'a')
        .$with({ timeoutMs: 3 })
        .ask(20)
        .catch(() => undefined);
      expect(user.getStore()).to.equal('alice');
      await node.actor(Alone, 'b').$trySend.ask();
      expect(user.getStore()).to.equal('alice');
    });
  });

  it('reaches an outgoing filter, which is part of the call', async () => {
    const users: unknown[] = [];
    const outgoing: CallFilter = (_call, next) => (users.push(user.getStore()), next());
    const node = await as('who starts', () =>
      ActorRuntime.start({ ...options(memory(), true), name: 'n1', outgoing: [outgoing] }),
    );
    ends.push(() => node.shutdown());
    await as('alice', () => node.actor(Alone, 'a').ask());
    expect(users).to.deep.equal(['alice']);
  });

  it('does not reach the store that is asked for an actor', async () => {
    const base = memory();
    const watching: ContainerModule = {
      name: 'watching',
      load: (bind) =>
        bind(StateStorage).toFactory([], () => {
          const storage = new MemoryStorage(Date.now);
          return Object.assign(storage, {
            claim: (actor: string) => (note('the store'), MemoryStorage.prototype.claim.call(storage, actor)),
          });
        }),
    };
    const node = await ActorRuntime.start({ ...options(base, true), modules: [base, quiet, watching], name: 'n1' });
    ends.push(() => node.shutdown());
    await as('alice', () => node.actor(Alone, 'a').ask());
    for (const [where, what] of seen) expect(what, where).to.deep.equal([undefined]);
  });

  it('does not reach the turns of simulated clusters either', async () => {
    await as('who runs it', () =>
      onCluster(
        async (cluster) => {
          const client = cluster.client();
          await as('alice', () => client.actor(Alone, 'a').ask());
          await Promise.all([
            as('bob', () => client.actor(Overlapping, 'a').ask()),
            as('carol', () => client.actor(Overlapping, 'a').ask()),
          ]);
          await cluster.sleep(20);
        },
        { nodes: 2, statics: { actors: [Alone, Overlapping] } },
      ),
    );
    expect([...seen.keys()]).to.include.members(['a handler', 'a constructor', 'onActivate', 'a declared timer']);
    for (const [where, what] of seen) expect(what, where).to.deep.equal([undefined]);
  });

  it('does not reach a local actor, nor a fixed endpoint', async () => {
    const system = LocalSystem.open();
    ends.push(() => system.stop());
    const local = await as('who starts', async () =>
      system.spawn<number, unknown>(() => ({
        onStart: () => note('onStart'),
        receive: () => (note('a local actor'), 'answer'),
      })),
    );
    await as('alice', () => local.request(1));
    const server = await as('who starts', () => FlowTransport.listen({ listen: '127.0.0.1:0', modules: [quiet] }));
    ends.push(() => server.close());
    server.serve(new Service());
    const client = await as('who connects', () => FlowTransport.open({ modules: [quiet] }));
    ends.push(() => client.close());
    await as('alice', () => client.connect(Service, server.address).ask());
    expect(Object.fromEntries(seen)).to.deep.equal({
      onStart: [undefined],
      'a local actor': [undefined],
      'a fixed endpoint': [undefined],
    });
  });
});
