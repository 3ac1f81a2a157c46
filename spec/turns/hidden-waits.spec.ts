import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  isMoonpoolError,
  Logger,
  memory,
  Observer,
  ObserverSet,
  type ActorReference,
  type CallFilter,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { DeadlockWatch } from '../../lib/turns/deadlock-watch';
import type { Turn } from '../../lib/turns/turn';
import type { TurnLoop } from '../../lib/turns/turn-loop';

/** All who were refused because they waited for themselves. */
let refused: string[] = [];

async function noting<T>(who: string, call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (error) {
    if (!isMoonpoolError(error)) throw error;
    if (error.code === 'CALL_DEADLOCK') refused.push(who);
    return error.code;
  }
}

@Observer({ name: 'Ear' })
class Ear {
  ask: () => Promise<unknown> = async () => undefined;
  @Handler() async hear(): Promise<void> {
    await this.ask();
  }
  @Handler() async ring(room: ActorReference<Room>): Promise<void> {
    await noting('the observer', room.topic());
  }
}

@Actor({ name: 'Room' })
class Room {
  private readonly ears: ObserverSet<Ear>;
  private kept: Promise<unknown> | undefined;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {
    this.ears = new ObserverSet(context);
    if (context.key.startsWith('eager')) {
      const { key } = context;
      this.kept = noting('the constructor', context.actor(Room, `of ${key}`).topic());
    }
  }
  async onActivate(): Promise<void> {
    const { key } = this.context;
    if (key.startsWith('relayed'))
      await noting('the hook', this.context.actor(Relay, key).pass(key.replace('relayed', 'caller')));
    if (key.startsWith('pair'))
      await noting(key, this.context.actor(Room, key === 'pair 1' ? 'pair 2' : 'pair 1').$trySend.topic());
  }
  @Handler() async topic(): Promise<string> {
    return 'topic';
  }
  @Handler() async join(ear: ActorReference<Ear>): Promise<void> {
    this.ears.subscribe(ear);
  }
  @Handler() async tell(): Promise<number> {
    return this.ears.notify((ear) => ear.hear(), 20_000);
  }
  @Handler() async show(ear: ActorReference<Ear>): Promise<void> {
    await ear.ring(this.context.actor(Room, this.context.key));
  }
  /** Waits for a promise that another turn, or the constructor, has made. */
  @Handler() async waitForKept(): Promise<unknown> {
    return this.kept;
  }
  @Handler() async keep(of: string): Promise<void> {
    this.kept = noting('an earlier turn', this.context.actor(Room, of).topic());
  }
  @Handler() async visit(other: string, afterMs = 0): Promise<unknown> {
    if (afterMs > 0) await this.context.time.sleep(afterMs);
    return noting('the visitor', this.context.actor(Room, other).waitForKept());
  }
  @Handler() async begin(other: string): Promise<unknown> {
    return noting('the beginner', this.context.actor(Room, other).topic());
  }
  @Handler() async filtered(): Promise<string> {
    return 'passed';
  }
  @Handler() async calling(): Promise<string> {
    return this.context.actor(Room, 'elsewhere').filtered();
  }
}

@Actor({ name: 'Relay' })
class Relay {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async pass(to: string): Promise<unknown> {
    return noting('the relay', this.context.actor(Room, to).topic());
  }
}

const ROUTES: Readonly<Record<string, { readonly isOwn: boolean; readonly inProcess: boolean }>> = {
  'on its node': { isOwn: true, inProcess: true },
  'within the process': { isOwn: false, inProcess: true },
  'by a connection': { isOwn: false, inProcess: false },
};

describe('Waits that no chain shows', () => {
  const runtimes: ActorRuntime[] = [];
  const quiet: ContainerModule = {
    name: 'quiet',
    load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
  };
  const start = async (options: Partial<StartOptions> = {}): Promise<{ node: ActorRuntime; options: StartOptions }> => {
    const all: StartOptions = {
      namespace: 'spec',
      name: 'n1',
      actors: [Room, Relay],
      observers: [Ear],
      activation: { deadlockAfterMs: 30 },
      modules: [memory(), quiet],
      ...options,
    };
    const node = await ActorRuntime.start(all);
    runtimes.push(node);
    return { node, options: all };
  };
  const connect = async ({
    namespace,
    actors,
    observers = [],
    modules = [],
    inProcess = true,
  }: StartOptions): Promise<ActorRuntime> => {
    const client = await ActorRuntime.connect({ namespace, actors, observers, modules, inProcess });
    runtimes.push(client);
    return client;
  };
  const soon = async <T>(work: Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work;
    expect(performance.now() - began).to.be.lessThan(5_000);
    return result;
  };
  beforeEach(() => void (refused = []));
  afterEach(async () => {
    for (const runtime of runtimes.splice(0).reverse()) await runtime.shutdown();
  });

  for (const [route, { isOwn, inProcess }] of Object.entries(ROUTES)) {
    it(`are found where an observer asks the actor which waits for it, ${route}`, async () => {
      const { node, options } = await start({ inProcess });
      const caller = isOwn ? node : await connect(options);
      const room = caller.actor(Room, 'r');
      const ear = new Ear();
      await caller.observe(ear, (me) => room.join(me));
      ear.ask = () => noting('the observer', room.topic());
      expect(await soon(room.tell())).to.equal(1);
      expect(refused).to.deep.equal(['the observer']);
    });

    it(`are found where an observer calls by a reference that it was given, ${route}`, async () => {
      const { node, options } = await start({ inProcess });
      const caller = isOwn ? node : await connect(options);
      const room = caller.actor(Room, 'r');
      const { reference } = await caller.observe(new Ear(), (me) => room.join(me));
      await soon(room.show(reference));
      expect(refused).to.deep.equal(['the observer']);
    });

    it(`are found where there is another actor between the observer and the one that waits for it, ${route}`, async () => {
      const { node, options } = await start({ inProcess });
      const caller = isOwn ? node : await connect(options);
      // Which of the turns has the greatest id differs from key to key.
      for (const key of Array.from({ length: 6 }, (_, index) => `caller ${index}`)) {
        refused = [];
        const room = caller.actor(Room, key);
        const ear = new Ear();
        const observation = await caller.observe(ear, (me) => room.join(me));
        ear.ask = () => noting('the observer', caller.actor(Relay, key).pass(key));
        await soon(room.tell());
        await observation.end();
        expect(refused.length, key).to.be.greaterThan(0);
      }
    }).timeout(20_000);
  }

  it('leave an observer alone that does not wait, and asks when its turn is over', async () => {
    const { node } = await start();
    const room = node.actor(Room, 'r');
    const ear = new Ear();
    const later: Promise<unknown>[] = [];
    await node.observe(ear, (me) => room.join(me));
    ear.ask = async () => void later.push(noting('the observer', room.topic()));
    expect(await soon(room.tell())).to.equal(1);
    expect(await Promise.all(later)).to.deep.equal(['topic']);
    expect(refused).to.deep.equal([]);
  });

  it('are found where a constructor has begun a call, and a turn waits for it', async () => {
    const { node } = await start();
    await soon(node.actor(Room, 'of eager').visit('eager'));
    expect(refused).to.deep.equal(['the constructor']);
  });

  it('are found where a turn waits for a call that an earlier one has begun', async () => {
    const { node } = await start();
    const visiting = node.actor(Room, 'blocked').visit('keeper', 50);
    // The turn of the other is under way when this one begins its call, which so has to wait.
    await node.actor(Room, 'keeper').keep('blocked');
    await soon(visiting);
    expect(refused).to.have.length(1);
  });

  it('are found where hooks send to each other and wait for room', async () => {
    const { node } = await start();
    expect(
      await soon(Promise.all([node.actor(Room, 'pair 1').topic(), node.actor(Room, 'pair 2').topic()])),
    ).to.deep.equal(['topic', 'topic']);
    expect(refused).to.have.length(1);
  });

  it('are found where there is another actor between a hook and the one that waits for it, whichever turn has the greatest id', async () => {
    const { node } = await start();
    for (let index = 0; index < 12; index++) {
      refused = [];
      await soon(node.actor(Room, `caller ${index}`).begin(`relayed ${index}`));
      expect(refused, String(index)).to.have.length(1);
    }
  }).timeout(20_000);

  it('are found where filters call actors that wait for the very turn', async () => {
    const calling: { node?: ActorRuntime } = {};
    const asking =
      (which: string): CallFilter =>
      async (call, next) => {
        if (call.method === 'filtered' || call.method === 'calling')
          await noting(which, calling.node?.actor(Room, 'asked').begin(call.actor.key ?? '') ?? Promise.resolve(''));
        return next();
      };
    const incoming = await start({ incoming: [asking('an incoming filter')] });
    calling.node = incoming.node;
    expect(await soon(incoming.node.actor(Room, 'r').filtered())).to.equal('passed');
    expect(refused).to.have.length(1);
    await incoming.node.shutdown();
    refused = [];
    const outgoing: CallFilter = async (call, next) => {
      if (call.method === 'filtered')
        await noting('an outgoing filter', calling.node?.actor(Room, 'asked').begin('r') ?? Promise.resolve(''));
      return next();
    };
    const { node } = await start({ outgoing: [outgoing] });
    calling.node = node;
    expect(await soon(node.actor(Room, 'r').calling())).to.equal('passed');
    expect(refused).to.have.length(1);
  });

  it('are not found by a question that was never asked: its number cannot be guessed', () => {
    const refusals: unknown[] = [];
    const request = {
      target: { path: 'spec/Room/r' },
      method: 'topic',
      reply: { error: (error: unknown) => refusals.push(error) },
    };
    const turn = {
      id: 'n1#1/1/1',
      question: { round: 17 },
      waitsFor: [{ call: 'n1#1:5' }],
      loop: { waiting: 1 },
      request,
    } as unknown as Turn;
    const loop = { turnsFor: () => [turn], takeOut: () => request } as unknown as TurnLoop;
    const parts = {
      events: { record: () => undefined },
      loopsOf: () => [loop],
      afterMs: 1,
    } as unknown as ConstructorParameters<typeof DeadlockWatch>[0];
    const watch = new DeadlockWatch(parts);
    const probe = { turn: turn.id, via: 'n1#1:5', round: 16, path: [] };
    watch.follow('spec/Room/r', 'client#1:1', probe);
    expect(refusals).to.deep.equal([]);
    watch.follow('spec/Room/r', 'client#1:1', { ...probe, round: 17 });
    expect(refusals).to.have.length(1);
  });
});
