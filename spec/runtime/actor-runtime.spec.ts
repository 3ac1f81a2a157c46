import { expect } from 'chai';
import { IsInt, IsPositive } from 'class-validator';
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
  MoonpoolError,
  Persist,
  token,
  type ActorClass,
  type ContainerModule,
  type DeactivationReason,
  type ErrorCode,
  type StartOptions,
} from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import { eventually } from '../activation/cluster-fixture';

class Amount {
  @IsInt() @IsPositive() amount!: number;
}
class Money {
  balance = 0;
}
class Overdrawn extends Error {
  override readonly name = 'Overdrawn';
  constructor(readonly missing: number) {
    super('not enough money', { cause: new RangeError('below zero') });
  }
}

/** What the actors of these specs did, for the specs to look at. */
const log: string[] = [];
let gates: (() => void)[] = [];
const openGates = () => gates.splice(0).forEach((open) => open());

@Actor({ name: 'Post', static: true })
class Post {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}

@Actor({ name: 'Purse', mailboxCapacity: 3 })
class Purse {
  @Persist(Money) private readonly money!: ActorState<Money>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  async onActivate(): Promise<void> {
    log.push(`activate ${this.context.key}`);
  }
  async onDeactivate(reason: DeactivationReason): Promise<void> {
    log.push(`deactivate ${this.context.key}: ${reason.code}`);
  }
  @Handler() async put({ amount }: Amount): Promise<number> {
    this.money.value.balance += amount;
    await this.money.persist();
    return this.money.value.balance;
  }
  @Handler() async take({ amount }: Amount): Promise<void> {
    const missing = amount - this.money.value.balance;
    if (missing > 0) throw new Overdrawn(missing);
  }
  @Handler() async balance(): Promise<number> {
    return this.money.value.balance;
  }
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  /** Waits until the spec opens the gate. */
  @Handler() async wait(note: string): Promise<string> {
    log.push(`wait ${note}`);
    await new Promise<void>((open) => gates.push(open));
    return note;
  }
  @Handler() async keep(list: number[]): Promise<number[]> {
    list.push(99);
    return list;
  }
  @Handler({ share: true }) async share(list: readonly number[]): Promise<boolean> {
    return Object.isFrozen(list);
  }
  @Handler() async ask(other: string): Promise<string> {
    return this.context.actor(Purse, other).where();
  }
  @Handler() async askBack(other: string): Promise<string> {
    return this.context.actor(Purse, other).ask(this.context.key);
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
  @Handler() async throwText(): Promise<void> {
    // oxlint-disable-next-line no-throw-literal -- that is what is tested
    throw 'just a text';
  }
  @Handler() async spoil(isAwaited: boolean): Promise<void> {
    this.money.value.balance = 1_000;
    Object.assign(this.money.value, { secret: () => 'functions cannot be stored' });
    const persisted = this.money.persist();
    if (isAwaited) await persisted;
  }
  @Handler() async forgetToAwait(): Promise<number> {
    this.money.value.balance += 1;
    void this.money.persist();
    return this.money.version;
  }
}

@Actor({ name: 'Idler', idleTimeoutMs: 20 })
class Idler {
  async onDeactivate({ code }: DeactivationReason): Promise<void> {
    log.push(`idler ${code}`);
  }
  @Handler() async hello(): Promise<string> {
    return 'hello';
  }
}

let failures = 0;
@Actor({ name: 'Moody' })
class Moody {
  async onActivate(): Promise<void> {
    if (failures-- > 0) throw new Error('not in the mood');
  }
  @Handler() async hello(): Promise<string> {
    return 'hello';
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  const error = await failureOf(promise);
  if (!isMoonpoolError(error)) throw error;
  return error.code;
}

describe('ActorRuntime', () => {
  let runtimes: ActorRuntime[] = [];
  let store: ContainerModule;
  let inProcess = true;
  const start = async (name: string, options: Partial<StartOptions> = {}): Promise<ActorRuntime> => {
    const runtime = await ActorRuntime.start({
      namespace: 'spec',
      name,
      actors: [Purse, Post, Idler, Moody],
      modules: [store, silent],
      inProcess,
      ...options,
    });
    runtimes.push(runtime);
    return runtime;
  };
  const connect = async (): Promise<ActorRuntime> => {
    const runtime = await ActorRuntime.connect({
      namespace: 'spec',
      actors: [Purse, Post, Idler, Moody],
      modules: [store, silent],
      inProcess,
    });
    runtimes.push(runtime);
    return runtime;
  };

  beforeEach(() => {
    store = memory();
    log.length = 0;
    gates = [];
    failures = 0;
  });
  afterEach(async () => {
    openGates();
    for (const runtime of runtimes.reverse()) await runtime.shutdown();
    runtimes = [];
  });

  describe('on one node', () => {
    it('activates an actor with its first call and keeps its state', async () => {
      const node = await start('a');
      expect(await node.actor(Purse, 'p').put({ amount: 2 })).to.equal(2);
      expect(await node.actor(Purse, 'p').put({ amount: 3 })).to.equal(5);
      expect(log).to.deep.equal(['activate p']);
    });

    it('runs one turn at a time, in the order of the calls', async () => {
      const purse = (await start('a')).actor(Purse, 'p');
      const answers = [purse.wait('1'), purse.wait('2'), purse.wait('3')];
      await eventually(() => gates.length === 1);
      expect(log).to.deep.equal(['activate p', 'wait 1']);
      for (let turn = 0; turn < 3; turn++) {
        await eventually(() => gates.length === 1);
        openGates();
      }
      expect(await Promise.all(answers)).to.deep.equal(['1', '2', '3']);
      expect(log).to.deep.equal(['activate p', 'wait 1', 'wait 2', 'wait 3']);
    });

    it('refuses calls beyond the capacity of the mailbox, and says that they were not executed', async () => {
      const purse = (await start('a')).actor(Purse, 'p');
      const waiting = [purse.wait('1')];
      await eventually(() => gates.length === 1);
      waiting.push(purse.wait('2'), purse.wait('3'), purse.wait('4'));
      const error = await failureOf(purse.wait('5'));
      expect(error).to.include({ code: 'MAILBOX_FULL', executed: 'no' });
      for (let turn = 0; turn < 4; turn++) {
        await eventually(() => gates.length === 1);
        openGates();
      }
      expect(await Promise.all(waiting)).to.have.length(4);
      expect(log).not.to.include('wait 5');
    });

    it('ends a call at its deadline: one that runs may have been executed, one that waits never will be', async () => {
      const purse = (await start('a')).actor(Purse, 'p');
      const running = failureOf(purse.$with({ timeoutMs: 30 }).wait('running'));
      const waiting = failureOf(purse.$with({ timeoutMs: 30 }).wait('waiting'));
      expect(await running).to.include({ code: 'CALL_TIMEOUT', executed: 'maybe' });
      expect(await waiting).to.include({ code: 'CALL_TIMEOUT', executed: 'no' });
      openGates();
      expect(await purse.balance()).to.equal(0);
      expect(log).not.to.include('wait waiting');
    });

    it('never executes a call that was cancelled while it waited', async () => {
      const purse = (await start('a')).actor(Purse, 'p');
      const controller = new AbortController();
      const first = purse.wait('first');
      await eventually(() => gates.length === 1);
      const cancelled = failureOf(purse.$with({ signal: controller.signal }).wait('cancelled'));
      controller.abort(new Error('changed my mind'));
      expect(await cancelled).to.include({ code: 'CALL_CANCELLED', executed: 'no' });
      openGates();
      await first;
      expect(await purse.balance()).to.equal(0);
      expect(log).not.to.include('wait cancelled');
      expect(await codeOf(purse.$with({ signal: controller.signal }).balance())).to.equal('CALL_CANCELLED');
    });

    it('sends one-way messages, of which nothing comes back', async () => {
      const purse = (await start('a')).actor(Purse, 'p');
      expect(purse.$send.put({ amount: 4 })).to.equal(undefined);
      purse.$send.put({ amount: -4 });
      expect(await purse.balance()).to.equal(4);
    });

    it('shares nothing between caller and actor, unless the handler shares frozen values', async () => {
      const purse = (await start('a')).actor(Purse, 'p');
      const list = [1];
      const answer = await purse.keep(list);
      expect(answer).to.deep.equal([1, 99]);
      expect(list).to.deep.equal([1]);
      expect(await purse.share([1])).to.equal(true);
    });

    it('refuses arguments that the payload class does not allow, and names each rule', async () => {
      const purse = (await start('a')).actor(Purse, 'p');
      const error = await failureOf(purse.put({ amount: 1.5, tip: 1 } as Amount));
      expect(error).to.include({ code: 'INVALID_PAYLOAD', executed: 'no' });
      expect(error.message)
        .to.contain('amount must be an integer')
        .and.to.contain('property tip should not exist')
        .and.to.contain('put of spec/Purse/p');
      expect(await codeOf(purse.wait(5 as unknown as string))).to.equal('INVALID_PAYLOAD');
    });

    it('refuses at once a chain of calls that would wait for itself, and prints it', async () => {
      const node = await start('a');
      const error = await failureOf(node.actor(Purse, 'p').askBack('q'));
      const causes = [error, error.cause, (error.cause as Error).cause] as MoonpoolError[];
      expect(causes.map(({ code }) => code)).to.deep.equal(['HANDLER_FAILED', 'HANDLER_FAILED', 'CALL_DEADLOCK']);
      expect(causes[2]?.message).to.contain('spec/Purse/p -> spec/Purse/q -> spec/Purse/p');
      expect(error).to.include({ executed: 'yes' });
    });

    it('does not let an answer overtake a write that its handler forgot to await', async () => {
      const node = await start('a');
      await node.actor(Purse, 'p').forgetToAwait();
      expect((await node.service(StateStorage).read('spec/Purse/p'))?.version).to.equal(1);
    });

    it('forgets what could not be stored: the next turn begins from what was', async () => {
      const purse = (await start('a')).actor(Purse, 'p');
      await purse.put({ amount: 2 });
      for (const isAwaited of [true, false]) {
        const error = await failureOf(purse.spoil(isAwaited));
        expect(error).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'yes' });
        expect(error.message).to.contain("state 'money' of spec/Purse/p");
        expect(await purse.balance()).to.equal(2);
      }
    });

    it('deactivates what is idle, and what asks for it', async () => {
      const node = await start('a');
      await node.actor(Idler, 'i').hello();
      await eventually(() => log.includes('idler idle'));
      expect(await node.actor(Idler, 'i').hello()).to.equal('hello');
      await node.actor(Purse, 'p').put({ amount: 1 });
      await node.actor(Purse, 'p').leave();
      await eventually(() => log.includes('deactivate p: requested'));
      expect(await node.actor(Purse, 'p').balance()).to.equal(1);
    });

    it('tells everybody who waits why an activation failed, and tries again after a short hold', async () => {
      const moody = (await start('a')).actor(Moody, 'm');
      failures = 1;
      const errors = await Promise.all([failureOf(moody.hello()), failureOf(moody.hello())]);
      for (const error of errors) {
        expect(error).to.include({ code: 'ACTIVATION_FAILED', executed: 'no' });
        expect((error.cause as Error).message).to.equal('not in the mood');
      }
      // One more failure would be told if it were tried again at once; it is the one that is held.
      expect(await failureOf(moody.hello())).to.include({ code: 'ACTIVATION_FAILED', executed: 'no' });
      await eventually(async () => (await moody.hello().catch(() => undefined)) === 'hello');
    });

    it('drains when it shuts down: turns end, hooks run, later calls are refused', async () => {
      const node = await start('a');
      const purse = node.actor(Purse, 'p');
      const answer = purse.wait('last');
      await eventually(() => gates.length === 1);
      const ended = node.shutdown();
      openGates();
      expect(await answer).to.equal('last');
      await ended;
      expect(log.at(-1)).to.equal('deactivate p: shutting-down');
      expect(await codeOf(purse.balance())).to.equal('RUNTIME_NOT_READY');
      expect(await node.terminated).to.include({ reason: 'shutdown' });
    });
  });

  for (const route of ['over TCP', 'from object to object'] as const) {
    describe(`on two nodes and a client, ${route}`, () => {
      before(() => {
        inProcess = route === 'from object to object';
      });
      after(() => {
        inProcess = true;
      });

      it('activates each actor once, wherever the calls come from', async () => {
        const [a, b, client] = [await start('a'), await start('b'), await connect()];
        const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
        const placesSeenBy = (from: ActorRuntime) => Promise.all(keys.map((key) => from.actor(Purse, key).where()));
        const places = await placesSeenBy(client);
        expect(new Set(places)).to.deep.equal(new Set(['a', 'b']));
        expect(await Promise.all([a, b, client].map(placesSeenBy))).to.deep.equal([places, places, places]);
        expect(log).to.have.length(keys.length);
      });

      it('brings errors of handlers over: name, message, own fields and cause, but no class of ours for theirs', async () => {
        const [, , client] = [await start('a'), await start('b'), await connect()];
        const error = await failureOf(client.actor(Purse, 'p').take({ amount: 5 }));
        expect(error).to.include({ name: 'Overdrawn', message: 'not enough money', missing: 5 });
        expect(error.cause).to.be.instanceOf(RangeError).with.property('message', 'below zero');
        expect(await failureOf(client.actor(Purse, 'p').throwText())).to.include({
          code: 'HANDLER_FAILED',
          executed: 'yes',
        });
        expect(await codeOf(client.actor(Purse, 'p').put({ amount: 0 }))).to.equal('INVALID_PAYLOAD');
      });

      it('has a static actor on each node, called by address', async () => {
        const [a, b, client] = [await start('a'), await start('b'), await connect()];
        expect(await a.actor(Post).where()).to.equal('a');
        expect(await a.actor(Post).$on(b.address).where()).to.equal('b');
        expect(await client.actor(Post).$on(a.address).where()).to.equal('a');
        expect(() => a.actor(Purse, 'p').$on(b.address)).to.throw('INVALID_OPTION');
        for (const wrong of [undefined, null, '', 5])
          for (const caller of [a, client])
            expect(() => caller.actor(Post).$on(wrong as never), String(wrong)).to.throw('the address of a node');
        const failure: unknown = await a
          .actor(Post)
          .$on('127.0.0.1:1')
          .where()
          .catch((error: unknown) => error);
        expect(failure).to.include({ code: 'NODE_UNREACHABLE', executed: 'no' });
        // It moves nowhere when its node is dead.
        expect(failure).to.have.property('remedy').that.contains('name another one with $on(address)');
      });

      it('activates elsewhere, with their state, the actors of a node that shuts down', async () => {
        const [a, b, client] = [await start('a'), await start('b'), await connect()];
        const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
        await Promise.all(keys.map((key) => client.actor(Purse, key).put({ amount: 7 })));
        await b.shutdown();
        expect(await Promise.all(keys.map((key) => a.actor(Purse, key).put({ amount: 1 })))).to.deep.equal(
          keys.map(() => 8),
        );
        expect(new Set(await Promise.all(keys.map((key) => client.actor(Purse, key).where())))).to.deep.equal(
          new Set(['a']),
        );
      });

      it('does not talk to nodes of another cluster', async () => {
        const a = await start('a');
        const stranger = await start('b', { namespace: 'other', modules: [memory(), silent] });
        const error = await failureOf(stranger.actor(Post).$on(a.address).where());
        expect(error).to.include({ code: 'HANDSHAKE_REFUSED', executed: 'no' });
        expect(error.message).to.match(/the cluster '(other|spec)' is not that of this side/);
      });

      it('says that a node cannot be reached, and that nothing was executed', async () => {
        const a = await start('a');
        const error = await failureOf(a.actor(Post).$on('127.0.0.1:1').where());
        expect(error).to.include({ code: 'NODE_UNREACHABLE', executed: 'no' });
      });

      it('takes the route that it says', async () => {
        const [node, client] = [await start('a'), await connect()];
        await client.actor(Purse, 'p').balance();
        expect(client.inspect()['peers']).to.have.property('callsInProcess', inProcess ? 1 : 0);
        expect(node.inspect()['peers']).to.have.property('incoming', inProcess ? 0 : 1);
      });
    });
  }

  describe('when it is told nonsense', () => {
    it('refuses options that cannot work, by name', async () => {
      expect(await codeOf(ActorRuntime.start({ namespace: '', actors: [Purse] }))).to.equal('INVALID_ACTOR_ID');
      const nowhere = await failureOf(ActorRuntime.start({ namespace: 'a', actors: [Purse], listen: 'nowhere' }));
      expect(nowhere.message).to.match(
        /^INVALID_ADDRESS: The option listen of ActorRuntime\.start .*"nowhere".*host:port/,
      );
      const error = await failureOf(
        ActorRuntime.start({ namespace: 'a', actors: [Purse], lease: { ttlMs: Number.NaN } }),
      );
      expect(error.message).to.contain('lease.ttlMs');
    });

    it('reports everything that constructors ask for and no module binds', async () => {
      const Mailer = token<object>('Mailer');
      const Clock = token<object>('Clock');
      @Actor({ name: 'Needy' })
      class Needy {
        constructor(
          @inject(Mailer) readonly mailer: object,
          @inject(Clock) readonly clock: object,
        ) {}
        @Handler() async hello(): Promise<void> {}
      }
      const error = await failureOf(ActorRuntime.start({ namespace: 'a', actors: [Needy] }));
      expect(error.message).to.contain('Mailer, needed by the constructor of Needy').and.to.contain('Clock, needed by');
    });

    it('names a class that was not listed', async () => {
      class Unknown {}
      const node = await start('a');
      expect(() => node.actor(Unknown as ActorClass, 'x'))
        .to.throw('UNKNOWN_ACTOR')
        .with.property('message')
        .that.contains('Unknown');
    });

    it('refuses keys that cannot be keys', async () => {
      const node = await start('a');
      for (const key of ['', 'a\u0000b', '\ud800', 'e\u0301', 'x'.repeat(513)]) {
        expect(() => node.actor(Purse, key), JSON.stringify(key)).to.throw('INVALID_ACTOR_ID');
      }
      expect(await node.actor(Purse, 'a/b/ü').where()).to.equal('a');
    });
  });

  it('gives constructors what modules bind, and lets a later module replace it', async () => {
    const Greeting = token<string>('Greeting');
    @Actor({ name: 'Greeter' })
    class Greeter {
      constructor(@inject(Greeting) private readonly greeting: string) {}
      @Handler() async greet(): Promise<string> {
        return this.greeting;
      }
    }
    const saying = (text: string): ContainerModule => ({ name: text, load: (bind) => bind(Greeting).toValue(text) });
    const node = await start('a', { actors: [Greeter], modules: [saying('hello'), saying('good day')] });
    expect(await node.actor(Greeter, 'g').greet()).to.equal('good day');
  });

  it('is shut down at the end of the block that holds it', async () => {
    let ended: ActorRuntime['terminated'];
    {
      await using node = await ActorRuntime.start({ namespace: 'disposed', actors: [Purse], modules: [memory()] });
      ended = node.terminated;
    }
    expect((await ended).reason).to.equal('shutdown');
  });

  it('says of a field with @Persist that the class sets by itself how it is declared', async () => {
    @Actor({ name: 'Setter' })
    class Setter {
      @Persist(Money) readonly money: unknown = new Money();
      @Handler() async read(): Promise<unknown> {
        return this.money;
      }
    }
    const node = await start('a', { actors: [Setter] });
    const error = await node
      .actor(Setter, 's')
      .read()
      .catch((thrown: Error) => thrown);
    expect(String(error)).to.match(
      /Setter sets the field 'money' marked with @Persist.*declare it without a value, as in @Persist\(Class\) private readonly money!: ActorState<Class>/,
    );
  });
});
