import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Logger,
  memory,
  Observer,
  Persist,
  Reentrant,
  type ActorReference,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { PlacementStrategy, StateStorage, type StateCommit } from 'moonpool/modules';
import { LocalSystem } from 'moonpool/local';
import { FlowTransport, RpcInterface, RpcMethod } from 'moonpool/rpc';
import { isError } from '../../lib/errors/thrown-value';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { WHATEVER_IS_THROWN } from '../errors/whatever-is-thrown';

/** What is thrown next, wherever that is. */
let thrown: () => unknown = () => new Error('x');
const raise = (): never => {
  throw thrown();
};
let onSlow = (): void => undefined;
/** Where it is thrown; everywhere else all is well. */
let place = '';
const raiseAt = (here: string): void => {
  if (place === here) raise();
};

class Broken {
  constructor() {
    raiseAt('the constructor of a state');
  }
}

@Actor({ name: 'Anywhere' })
@Reentrant(() => {
  raiseAt('the condition of @Reentrant');
  return false;
})
class Anywhere {
  @Persist(Broken) readonly state!: ActorState<Broken>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {
    raiseAt('the constructor');
  }
  onActivate(): void {
    raiseAt('onActivate');
  }
  onDeactivate(): void {
    raiseAt('onDeactivate');
  }
  @Handler() async ask(): Promise<string> {
    raiseAt('a handler');
    return 'well';
  }
  @Handler() async thenable(): Promise<string> {
    return place === 'a thenable'
      ? ({
          get then() {
            return raise();
          },
        } as never)
      : 'well';
  }
  @Handler() async answer(): Promise<unknown> {
    return place === 'a getter of the answer'
      ? {
          get field() {
            return raise();
          },
        }
      : 'well';
  }
  @Handler() async persist(): Promise<string> {
    await this.state.persist();
    return 'well';
  }
  @Handler() async tick(): Promise<void> {
    this.context.timer(() => raiseAt('a timer'), { everyMs: 2 });
    this.context.time.schedule(2, () => raiseAt('what was scheduled'));
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
  @Handler() async tell(ear: ActorReference<Ear>): Promise<void> {
    await ear.hear();
  }
  @Handler() async slow(): Promise<string> {
    onSlow();
    await new Promise((resolve) => setTimeout(resolve, 3));
    return 'done';
  }
}

@Observer({ name: 'Ear' })
class Ear {
  @Handler() async hear(): Promise<void> {
    raiseAt('an observer');
  }
}

@RpcInterface({ id: 0xabd })
class Service {
  @RpcMethod(0) async ask(): Promise<string> {
    return raise();
  }
}

const spoiled: ContainerModule = {
  name: 'spoiled',
  load: (bind) => {
    bind(Logger).toFactory([], () => ({
      info: () => raiseAt('the logger'),
      warn: () => raiseAt('the logger'),
      error: () => raiseAt('the logger'),
    }));
    bind(PlacementStrategy).toFactory([], () => ({
      choose: (_actor, [first]) => {
        raiseAt('placement');
        return first;
      },
    }));
  },
};

/** What the call came to: the answer, or a code, or that an error came. */
async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return isMoonpoolError(error) ? error.code : 'an error';
  }
}

/** An activation that failed is the answer for as long as its end takes. */
async function nextOutcomeOf(actor: ActorReference<Anywhere>): Promise<unknown> {
  let outcome: unknown = 'ACTIVATION_FAILED';
  for (let attempt = 0; outcome === 'ACTIVATION_FAILED' && attempt < 20; attempt++) {
    outcome = await outcomeOf(actor.$with({ timeoutMs: 5_000 }).ask());
    await new Promise((resolve) => setImmediate(resolve));
  }
  return outcome;
}

const PLACES: Readonly<Record<string, (actor: ActorReference<Anywhere>) => Promise<unknown>>> = {
  'a handler': (actor) => actor.ask(),
  'a thenable': (actor) => actor.thenable(),
  'a getter of the answer': (actor) => actor.answer(),
  'the constructor': (actor) => actor.ask(),
  'the constructor of a state': (actor) => actor.ask(),
  onActivate: (actor) => actor.ask(),
  'the condition of @Reentrant': (actor) => actor.ask(),
  placement: (actor) => actor.ask(),
  'an incoming filter': (actor) => actor.ask(),
  'an outgoing filter': (actor) => actor.ask(),
  'the store': (actor) => actor.persist(),
};

describe('Whatever is thrown', () => {
  const runtimes: ActorRuntime[] = [];
  let store: ContainerModule;
  const options = (): StartOptions => ({
    namespace: 'spec',
    actors: [Anywhere],
    observers: [Ear],
    inProcess: false,
    activation: { failureHoldMs: 0 },
    incoming: [(_call, next) => (raiseAt('an incoming filter'), next())],
    outgoing: [(_call, next) => (raiseAt('an outgoing filter'), next())],
    modules: [store, spoiled, storage],
  });
  const storage: ContainerModule = {
    name: 'storage',
    load: (bind) =>
      bind(StateStorage).toFactory([], () => {
        const proper = new MemoryStorage(Date.now);
        const { claim, commit } = MemoryStorage.prototype;
        return Object.assign(proper, {
          claim: async (actor: string) => (raiseAt('the store'), claim.call(proper, actor)),
          commit: async (decided: StateCommit) => (raiseAt('the store'), commit.call(proper, decided)),
        });
      }),
  };
  const keep = (runtime: ActorRuntime): ActorRuntime => {
    runtimes.push(runtime);
    return runtime;
  };
  const start = async () => keep(await ActorRuntime.start({ ...options(), name: 'n1' }));
  const connect = async () => keep(await ActorRuntime.connect(options()));

  beforeEach(() => {
    store = memory();
    place = '';
  });
  afterEach(async () => {
    place = '';
    for (const runtime of runtimes.splice(0).reverse()) await runtime.shutdown();
  });

  for (const route of ['near', 'far']) {
    for (const [where, call] of Object.entries(PLACES)) {
      it(`in ${where}, ${route}, it reaches its caller alone, and the actor goes on`, async () => {
        const node = await start();
        const caller = route === 'near' ? node : await connect();
        const bystander = caller.actor(Anywhere, 'bystander');
        await bystander.ask();
        for (const [what, make] of Object.entries(WHATEVER_IS_THROWN)) {
          thrown = make;
          const hasBegun = new Promise<void>((resolve) => (onSlow = resolve));
          const other = outcomeOf(bystander.slow());
          await hasBegun;
          // An actor that is active has its constructors behind it.
          const actor = caller.actor(Anywhere, `${where} ${what}`.replaceAll(/[^\w ]/g, ''));
          place = where;
          const outcome = await outcomeOf(call(actor.$with({ timeoutMs: 5_000 })));
          place = '';
          expect(outcome, what).not.to.be.oneOf(['well', 'CALL_TIMEOUT', 'CONNECTION_LOST']);
          expect(await nextOutcomeOf(actor), `${what}: the next call`).to.equal('well');
          expect(await other, `${what}: somebody else`).to.equal('done');
        }
      }).timeout(60_000);
    }
  }

  it('in a timer, in onDeactivate, in an observer, in what was scheduled, or in the logger itself, it ends nothing else', async () => {
    const node = await start();
    const client = await connect();
    const { reference } = await client.observe(new Ear(), () => client.actor(Anywhere, 'any').ask());
    for (const [what, make] of Object.entries(WHATEVER_IS_THROWN)) {
      thrown = make;
      for (const where of ['a timer', 'onDeactivate', 'an observer', 'what was scheduled', 'the logger']) {
        const actor = node.actor(Anywhere, `${where} ${what}`.replaceAll(/[^\w ]/g, ''));
        place = where;
        expect(await outcomeOf(actor.tick()), what).to.equal(undefined);
        const told = await outcomeOf(actor.tell(reference));
        expect(told, what).to.equal(
          where === 'an observer' ? (isError(make()) ? 'an error' : 'HANDLER_FAILED') : undefined,
        );
        await new Promise((resolve) => setTimeout(resolve, 5));
        expect(await outcomeOf(actor.$with({ timeoutMs: 5_000 }).ask()), what).to.equal('well');
        await actor.leave();
        place = where;
        await new Promise((resolve) => setTimeout(resolve, 2));
        place = '';
        expect(await outcomeOf(actor.$with({ timeoutMs: 5_000 }).ask()), `${what}: the next activation`).to.equal(
          'well',
        );
      }
    }
  }).timeout(60_000);

  it('in the subscription of an observer that is renewed, it is tried again', async () => {
    const client = await start().then(connect);
    const attempts: number[] = [];
    const subscribe = (): Promise<void> => {
      if (attempts.push(attempts.length) > 1) raise();
      return Promise.resolve();
    };
    thrown = () => Object.create(null) as unknown;
    const observation = await client.observe(new Ear(), subscribe, { renewMs: 5 });
    while (attempts.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await observation.end();
  });

  it('in a startup task, or in what ends one, it is named, and the node ends in order', async () => {
    for (const [what, make] of Object.entries(WHATEVER_IS_THROWN)) {
      thrown = make;
      expect(
        await outcomeOf(ActorRuntime.start({ ...options(), name: 'n1', startup: [{ name: 'task', run: raise }] })),
        what,
      ).to.equal('STARTUP_FAILED');
    }
    const node = await ActorRuntime.start({ ...options(), name: 'n1', startup: [{ name: 'task', run: () => raise }] });
    await node.shutdown();
  });

  it('at a fixed endpoint, or in its guard, it reaches its caller alone', async () => {
    let admits = (): boolean => true;
    const quiet: ContainerModule = {
      name: 'quiet',
      load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
    };
    const server = await FlowTransport.listen({ listen: '127.0.0.1:0', modules: [quiet] });
    server.serve(new Service(), { admits: () => admits() });
    const client = await FlowTransport.open();
    const service = client.connect(Service, server.address);
    for (const [what, make] of Object.entries(WHATEVER_IS_THROWN)) {
      thrown = make;
      expect(await outcomeOf(service.$with({ timeoutMs: 5_000 }).ask()), what).not.to.be.oneOf([
        'CALL_TIMEOUT',
        'CONNECTION_LOST',
      ]);
    }
    admits = raise;
    expect(await outcomeOf(service.$with({ timeoutMs: 5_000 }).ask())).to.equal('ENDPOINT_FORBIDDEN');
    await client.close();
    await server.close();
  });

  it('in a local actor it is what its sender gets', async () => {
    const quiet: ContainerModule = {
      name: 'quiet',
      load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: raise }),
    };
    const system = LocalSystem.open({ modules: [quiet] });
    for (const [what, make] of Object.entries(WHATEVER_IS_THROWN)) {
      thrown = make;
      const actor = system.spawn<string>(() => ({ receive: raise }));
      const outcome = await actor.request('x', { timeoutMs: 5_000 }).then(
        () => 'well',
        () => 'thrown',
      );
      expect(outcome, what).to.equal('thrown');
      expect((await actor.ended).code, what).to.equal('failed');
    }
    await system.stop();
  });
});
