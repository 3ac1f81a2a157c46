import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorJournal,
  ActorRuntime,
  ActorState,
  Handler,
  inject,
  Journal,
  JournalEvent,
  memory,
  Persist,
  unchecked,
  type ActorReference,
} from 'moonpool';
import { leavePromisesIn } from '../../lib/concurrency/handed-promises';

/** Fails when the call that it was handed to has been over for a while. */
const failing = (): Promise<never> =>
  new Promise((_resolve, reject) => setTimeout(() => reject(new Error('nobody waits for it')), 5));
const deep = (levels: number): unknown => (levels === 0 ? failing() : [deep(levels - 1)]);

class Kept {
  value: unknown;
}
@JournalEvent('told')
class Told {
  value: unknown;
}
class Total {
  count = 0;
  apply(_event: Told): void {
    this.count++;
  }
}
class Hidden {
  readonly #total = 1;
  readonly items = [failing()];
  get total(): number {
    return this.#total;
  }
}

const THROWN: Readonly<Record<string, () => unknown>> = {
  itself: failing,
  'in a list': () => [failing(), failing()],
  'in a field of an error': () => Object.assign(new Error('x'), { pending: [failing()] }),
  'as a cause': () => new Error('x', { cause: failing() }),
  'among inner errors': () => new AggregateError([failing()], 'x'),
};

const TOO_LARGE = 'one beside a text that is too large';
const ANSWERS: Readonly<Record<string, () => unknown>> = {
  'a list of promises': () => [1, 2, 3].map(failing),
  'a promise in an object': () => ({ a: { b: failing() } }),
  'one in a Map and one in a Set': () => [new Map([['a', failing()]]), new Set([failing()])],
  'a key of a Map': () => new Map([[failing(), 1]]),
  'one behind a function': () => [() => 1, failing()],
  'one beside a circle': () => {
    const circle: unknown[] = [failing()];
    circle.push(circle);
    return circle;
  },
  'one that lies deep': () => deep(40),
  [TOO_LARGE]: () => ['x'.repeat(2_000_000), failing()],
  'one in an object that hides something': () => new Hidden(),
  'one in a list with a name': () => Object.assign([failing()], { total: 1 }),
  'one under a symbol': () => ({ [Symbol('x')]: failing() }),
};

@Actor({ name: 'Keeper', persist: 'after-turn' })
class Keeper {
  @Persist(Kept) private readonly kept!: ActorState<Kept>;
  @Journal(Total, { events: [Told] }) private readonly journal!: ActorJournal<Total>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async give(what: string): Promise<unknown> {
    return ANSWERS[what]?.();
  }
  /** Has the event loop to itself for so long, so that answers wait, and gives what has failed before they leave. */
  @Handler() async giveLate(ms: number): Promise<unknown> {
    this.kept.value.value = ms;
    for (const until = performance.now() + ms; performance.now() < until;);
    return { results: [1, 2].map(async () => Promise.reject(new Error('nobody waits for it'))) };
  }
  @Handler({ share: true }) async share(): Promise<unknown> {
    return [failing(), failing()];
  }
  @Handler({ idempotent: true }) async remembered(): Promise<unknown> {
    return { list: [failing()] };
  }
  @Handler() async throw(what: string): Promise<void> {
    throw THROWN[what]?.();
  }
  @Handler() async keep(): Promise<void> {
    this.kept.value.value = [failing(), failing()];
  }
  @Handler() async tell(): Promise<void> {
    this.journal.emit(Object.assign(new Told(), { value: failing() }));
  }
  @Handler() async deliver(): Promise<void> {
    await this.context.actor(Keeper, 'other').$deliver.take([failing()]);
  }
  @Handler({ accepts: unchecked }) async take(_value: unknown): Promise<string> {
    return 'taken';
  }
}

async function ended(call: Promise<unknown>): Promise<Error> {
  return call.then(
    (value) => expect.fail(`there was an answer: ${String(value)}`),
    (error: Error) => error,
  );
}

describe('A promise that was handed over in place of what it comes to', () => {
  const store = memory();
  let node: ActorRuntime;
  let client: ActorRuntime;
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  const options = { namespace: 'spec', actors: [Keeper], modules: [store] };
  const both = (): readonly ActorReference<Keeper>[] => [node, client].map((runtime) => runtime.actor(Keeper, 'x'));
  before(async () => {
    process.on('unhandledRejection', note);
    node = await ActorRuntime.start({ ...options, name: 'n1' });
    client = await ActorRuntime.connect({ ...options, inProcess: false });
  });
  after(async () => {
    await client.shutdown();
    await node.shutdown();
    process.off('unhandledRejection', note);
  });
  afterEach(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled.splice(0)).to.deep.equal([]);
  });

  it('is refused in an answer, and ends no process when it fails', async () => {
    for (const what of Object.keys(ANSWERS))
      for (const keeper of both()) {
        const error = await ended(keeper.give(what));
        expect(error, what).to.have.property('executed', 'yes');
        expect(error, what)
          .to.have.property('code')
          .that.is.oneOf(what === TOO_LARGE ? ['PACKET_TOO_LARGE', 'UNSERIALIZABLE_VALUE'] : ['UNSERIALIZABLE_VALUE']);
      }
    for (const keeper of both()) {
      const error = await ended(keeper.give('a list of promises'));
      expect(error.message).to.include('holds a promise (was an await forgotten?) at [0]');
      expect(await ended(keeper.share())).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'yes' });
      const remembered = await ended(keeper.remembered());
      expect(remembered.message).to.match(/the answer that is remembered for .* holds a promise .* at list\[0\]/);
    }
  });

  it('may fail while the answer waits for the event loop, or for a commit', async () => {
    const calls = [60, 60, 60, 0].flatMap((ms, index) =>
      [node, client].map((runtime) => runtime.actor(Keeper, `late${index}`).giveLate(ms)),
    );
    for (const error of await Promise.all(calls.map((call) => ended(call))))
      expect(error).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'yes' });
    const keyed = both().map((keeper, index) => keeper.$with({ idempotencyKey: `late${index}` }).giveLate(0));
    for (const error of await Promise.all(keyed.map((call) => ended(call))))
      expect(error.message).to.contain('holds a promise');
  });

  it('is no error when it is thrown, by itself or within something', async () => {
    for (const what of Object.keys(THROWN))
      for (const keeper of both()) expect(await ended(keeper.throw(what)), what).to.be.an('error');
    const error = await ended(node.actor(Keeper, 'x').throw('itself'));
    expect(error.message).to.include('failed with a value that is no error: a promise (was an await forgotten?)');
  });

  it('is refused in arguments, in messages that must arrive, in states and in events, by its place', async () => {
    for (const keeper of both()) {
      const refused = await ended(keeper.take([1, failing(), failing()]));
      expect(refused).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'no' });
      expect(() => keeper.$send.take({ a: failing() })).to.throw(/holds a promise/);
      expect((await ended(keeper.keep())).message).to.include('holds a promise (was an await forgotten?) at value[0]');
      expect((await ended(keeper.deliver())).message).to.include('holds a promise');
      const told = await ended(keeper.tell());
      expect(told.message).to.include(
        'the event told of spec/Keeper/x holds a promise (was an await forgotten?) at value',
      );
      expect(await keeper.take(1)).to.equal('taken');
    }
  });

  it('is looked for without asking a getter or a proxy, and not in what makes up a program', () => {
    const asked = (): never => expect.fail('it was asked');
    leavePromisesIn({
      get a() {
        return asked();
      },
      b: new Proxy({}, { ownKeys: asked, getOwnPropertyDescriptor: asked }),
    });
    class Part {
      constructor(readonly part: unknown) {}
    }
    const own = failing();
    leavePromisesIn(new Part(new Part(new Part(own))));
    leavePromisesIn(Object.assign([], { length: 4_000_000_000 }));
    // Nobody took it from whoever waits for it.
    return own.catch(() => undefined);
  });
});
