import { expect } from 'chai';
import { Actor, ActorContext, AlwaysInterleave, Handler, inject, Reentrant, type ActorReference } from 'moonpool';
import type { CallDescription } from 'moonpool/modules';
import { ClusterFixture, codeOf, eventually, failureOf, Gates, pause } from '../activation/cluster-fixture';

let gates = new Gates();
/** What began and ended, in order. */
const log: string[] = [];

async function visit(name: string): Promise<string> {
  log.push(`+${name}`);
  await gates.wait(name);
  log.push(`-${name}`);
  return name;
}

/** One class of each kind does not do: they differ by their decorators only, so they share what they do. */
abstract class Visited {
  constructor(@inject(ActorContext) protected readonly context: ActorContext) {}

  @Handler() async write(name: string): Promise<string> {
    return visit(name);
  }
  @Handler({ readOnly: true }) async read(name: string): Promise<string> {
    return visit(name);
  }
  @AlwaysInterleave() @Handler() async peek(name: string): Promise<string> {
    return visit(name);
  }
}

@Actor({ name: 'Room' })
class Room extends Visited {}

@Reentrant()
@Actor({ name: 'OpenRoom' })
class OpenRoom extends Visited {}

@Reentrant(({ method, args }: CallDescription) => method === 'write' && args[0] === 'urgent')
@Actor({ name: 'PickyRoom' })
class PickyRoom extends Visited {}

interface Partner {
  hear(path: readonly string[]): Promise<string>;
}

/** Calls the actors of the path one after the other, each calling the next. */
@Actor({ name: 'Strict' })
class Strict implements Partner {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async hear([next, ...rest]: readonly string[]): Promise<string> {
    return next === undefined ? 'end' : this.context.actor(Strict, next).hear(rest);
  }
  @Handler({ readOnly: true }) async look([next, ...rest]: readonly string[]): Promise<string> {
    return next === undefined ? 'end' : this.context.actor(Strict, next).look(rest);
  }
  @Handler() async hearThenLook(other: string): Promise<string> {
    return this.context.actor(Strict, other).look([this.context.key]);
  }
}

@Reentrant('call-chain')
@Actor({ name: 'Chained' })
class Chained implements Partner {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async hear([next, ...rest]: readonly string[]): Promise<string> {
    log.push(`+${this.context.key}`);
    const answer = next === undefined ? 'end' : await this.context.actor(Chained, next).hear(rest);
    log.push(`-${this.context.key}`);
    return answer;
  }
  @Handler() async wait(name: string): Promise<string> {
    return visit(name);
  }
}

/** What a turn knows of itself, before and after an await. */
interface Scope {
  readonly who: unknown;
  readonly hasSoonDeadline: boolean;
}

@Actor({ name: 'Mirror' })
class Mirror {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** What it was told: the name of who asked, and whether the deadline comes soon. */
  @Handler() async reflect(): Promise<Scope> {
    return this.scope();
  }
  @AlwaysInterleave() @Handler() async reflectAtOnce(): Promise<Scope> {
    return this.scope();
  }
  private async scope(): Promise<Scope> {
    const { requestContext, signal, time } = this.context;
    let hasSoonDeadline = false;
    signal.addEventListener('abort', () => (hasSoonDeadline = true));
    await time.sleep(60);
    return { who: requestContext.get('who'), hasSoonDeadline };
  }
}

@Actor({ name: 'Asker' })
class Asker {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async ask(name: string): Promise<unknown> {
    return this.askWhoIAm(name);
  }
  @AlwaysInterleave() @Handler() async askBeside(name: string): Promise<unknown> {
    return this.askWhoIAm(name);
  }
  /** The other turn of this actor begins in the midst of this one's code. */
  @AlwaysInterleave() @Handler() async sendMyself(who: string, name: string): Promise<unknown> {
    this.context.actor(Asker, this.context.key).$with({ context: { who } }).$send.note();
    await gates.wait(name);
    return this.who(name);
  }
  @Handler() async note(): Promise<void> {
    await pause(1);
    log.push(String(this.context.requestContext.get('who')));
  }
  private async askWhoIAm(name: string): Promise<unknown> {
    await gates.wait(name);
    await pause(1);
    return this.who(name);
  }
  private async who(name: string): Promise<unknown> {
    const mine = this.context.requestContext.get('who');
    const theirs = await this.context.actor(WhoIsThere, name).who();
    return [mine, theirs];
  }
}

@Reentrant()
@Actor({ name: 'OpenAsker' })
class OpenAsker extends Asker {}

@Actor({ name: 'WhoIsThere' })
class WhoIsThere {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async who(): Promise<unknown> {
    return this.context.requestContext.get('who');
  }
}

@Actor({ name: 'Hermit', mailboxCapacity: 100_000 })
class Hermit {
  private count = 0;
  @Handler() async work(): Promise<number> {
    return ++this.count;
  }
}

@Actor({ name: 'Printer' })
class Printer {
  /** A few milliseconds of copying. */
  @Handler() async print(name: string): Promise<readonly object[]> {
    const pages = Array.from({ length: 5_000 }, (_, page) => ({ page, lines: ['a', 'b'] }));
    await gates.wait(name);
    return pages;
  }
}

@Actor({ name: 'Careless' })
class Careless {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async forget(name: string): Promise<void> {
    void this.context.actor(Room, name).write(name);
  }
  /** The first call has been cancelled before it is made, and ends at once. */
  @Handler() async forgetAfterCancelling(name: string): Promise<void> {
    const room = this.context.actor(Room, name);
    await room
      .$with({ signal: AbortSignal.abort() })
      .write(name)
      .catch(() => undefined);
    void room.write(name);
  }
}

function firstCause(error: Error): Error {
  return error.cause instanceof Error ? firstCause(error.cause) : error;
}

describe('Turns', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    gates = new Gates();
    cluster = new ClusterFixture([
      Room,
      OpenRoom,
      PickyRoom,
      Strict,
      Chained,
      Mirror,
      Asker,
      OpenAsker,
      WhoIsThere,
      Hermit,
      Printer,
      Careless,
    ]);
    log.length = 0;
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  describe('of one actor', () => {
    let room: ActorReference<Room>;
    beforeEach(async () => {
      room = (await cluster.node()).actor(Room, 'r');
    });

    it('follow each other in the order of the calls, across awaits', async () => {
      const calls = ['a', 'b', 'c'].map((name) => room.write(name));
      for (const name of ['a', 'b', 'c']) await gates.open(name);
      await Promise.all(calls);
      expect(log).to.deep.equal(['+a', '-a', '+b', '-b', '+c', '-c']);
    });

    it('that interleave are known to be taken while they wait for it to be activated, as all others are', async () => {
      // Whoever is first is where it is activated, which takes longer than the delivery of the second.
      const taken = Promise.all([room.$trySend.write('w'), room.$trySend.peek('p')]);
      await Promise.race([taken, pause(1_000).then(() => expect.fail('it is said only when the turn is over'))]);
      for (const name of ['p', 'w']) await gates.open(name);
    });

    it('that only read overlap each other, and never one that writes', async () => {
      const calls = [room.read('r1'), room.read('r2'), room.write('w'), room.read('r3')];
      await gates.reached('r2');
      await gates.open('r2');
      await pause(5);
      expect(log).to.deep.equal(['+r1', '+r2', '-r2']);
      await gates.open('r1');
      await gates.open('w');
      await gates.open('r3');
      await Promise.all(calls);
      expect(log).to.deep.equal(['+r1', '+r2', '-r2', '-r1', '+w', '-w', '+r3', '-r3']);
    });

    it('that only read do not keep a writer waiting for ever: those that come after it wait for it', async () => {
      const first = room.read('r0');
      await gates.reached('r0');
      const written = room.write('w');
      const later = Array.from({ length: 20 }, (_, index) => room.read(`r${index + 1}`));
      await gates.open('r0');
      await gates.open('w');
      await written;
      expect(log.slice(0, 4)).to.deep.equal(['+r0', '-r0', '+w', '-w']);
      for (let index = 1; index <= 20; index++) await gates.open(`r${index}`);
      await Promise.all([first, ...later]);
    });

    it('that are declared with @AlwaysInterleave begin beside every other', async () => {
      const calls = [room.write('w'), room.write('w2')];
      await gates.reached('w');
      calls.push(room.peek('p1'), room.peek('p2'));
      await gates.open('p2');
      await gates.open('p1');
      await eventually(() => log.length === 5);
      expect(log).to.deep.equal(['+w', '+p1', '+p2', '-p2', '-p1']);
      await gates.open('w');
      await gates.open('w2');
      await Promise.all(calls);
    });
  });

  it('of an actor with @Reentrant all overlap', async () => {
    const room = (await cluster.node()).actor(OpenRoom, 'r');
    const calls = [room.write('a'), room.write('b'), room.read('c')];
    for (const name of ['c', 'b', 'a']) await gates.open(name);
    await Promise.all(calls);
    expect(log).to.deep.equal(['+a', '+b', '+c', '-c', '-b', '-a']);
  });

  it('overlap for those calls for which the predicate of @Reentrant is true, and for no other', async () => {
    const room = (await cluster.node()).actor(PickyRoom, 'r');
    const calls = [room.write('a')];
    await gates.reached('a');
    calls.push(room.write('b'), room.write('urgent'));
    await gates.open('urgent');
    await eventually(() => log.length === 3);
    expect(log).to.deep.equal(['+a', '+urgent', '-urgent']);
    await gates.open('a');
    await gates.open('b');
    await Promise.all(calls);
  });

  for (const places of [['one node'], ['two nodes', 'and a client']]) {
    describe(`that wait for each other, on ${places.join(' ')}`, () => {
      const start = async () => {
        if (places.length === 1) return cluster.node();
        await cluster.node('n1');
        await cluster.node('n2');
        return cluster.client();
      };

      it('are refused at once when they would wait for themselves, with the whole chain', async () => {
        const from = await start();
        const began = performance.now();
        const error = firstCause(await failureOf(from.actor(Strict, 'a').hear(['b', 'c', 'd', 'a', 'x'])));
        expect(error).to.include({ code: 'CALL_DEADLOCK', executed: 'no' });
        expect(error.message).to.contain(
          'spec/Strict/a -> spec/Strict/b -> spec/Strict/c -> spec/Strict/d -> spec/Strict/a',
        );
        expect(performance.now() - began).to.be.lessThan(2_000);
        expect(await from.actor(Strict, 'a').hear([])).to.equal('end');
      });

      it('are refused by the actor that waits when its caller could not know: the call only reads, and the one that waits does not', async () => {
        const from = await start();
        expect(await from.actor(Strict, 'a').look(['b', 'a', 'b'])).to.equal('end');
        const error = firstCause(await failureOf(from.actor(Strict, 'a').hearThenLook('b')));
        expect(error).to.include({ code: 'CALL_DEADLOCK', executed: 'no' });
        expect(error.message).to.contain('spec/Strict/a -> spec/Strict/b -> spec/Strict/a');
      });

      it("go on where the actor says @Reentrant('call-chain'), while calls of others wait their turn", async () => {
        const from = await start();
        const waiting = from.actor(Chained, 'a').wait('first');
        await gates.reached('first');
        const chain = from.actor(Chained, 'a').hear(['b', 'a', 'c']);
        await pause(20);
        expect(log).to.deep.equal(['+first']);
        await gates.open('first');
        expect(await chain).to.equal('end');
        await waiting;
        expect(log).to.deep.equal(['+first', '-first', '+a', '+b', '+a', '+c', '-c', '-a', '-b', '-a']);
      });
    });
  }

  it('that overlap carry each its own context and deadline, before and after what they wait for', async () => {
    const node = await cluster.node();
    const mirror = node.actor(Mirror, 'm');
    const ask = (who: string, timeoutMs: number) => mirror.$with({ context: { who }, timeoutMs }).reflectAtOnce();
    const [slow, late, fast] = await Promise.all([ask('ann', 10_000), codeOf(ask('bob', 30)), ask('cid', 10_000)]);
    expect([slow, late, fast]).to.deep.equal([
      { who: 'ann', hasSoonDeadline: false },
      'CALL_TIMEOUT',
      { who: 'cid', hasSoonDeadline: false },
    ]);
    const [sole, beside] = await Promise.all([mirror.$with({ context: { who: 'dan' } }).reflect(), ask('eve', 10_000)]);
    expect([sole.who, beside.who]).to.deep.equal(['dan', 'eve']);
  });

  for (const type of [Asker, OpenAsker]) {
    it(`that overlap give calls what is said of their own request: ${type.name}`, async () => {
      const asker = (await cluster.node()).actor(type, 'a');
      const as = (who: string) => asker.$with({ context: { who } });
      const answers = [as('ann').ask('a'), as('bob').askBeside('b'), as('cid').askBeside('c')];
      for (const name of ['c', 'a', 'b']) await gates.open(name);
      expect(await Promise.all(answers)).to.deep.equal([
        ['ann', 'ann'],
        ['bob', 'bob'],
        ['cid', 'cid'],
      ]);
    });
  }

  it('that begin in the midst of the code of another one have a scope of their own', async () => {
    const asker = (await cluster.node()).actor(Asker, 'a');
    const answer = asker.$with({ context: { who: 'ann' } }).sendMyself('bob', 'x');
    await eventually(() => log.length === 1);
    await gates.open('x');
    expect([log, await answer]).to.deep.equal([['bob'], ['ann', 'ann']]);
  });

  it('of a busy actor starve neither other actors nor timers and input', async () => {
    const node = await cluster.node('n1', { activation: { turnQuantumMs: 5 } });
    const busy = node.actor(Hermit, 'busy');
    const feeding = new AbortController();
    let served = 0;
    const feed = async (): Promise<void> => {
      // Whoever is starved below never ends the feeding; a node that starves them is to end all the same.
      while (!feeding.signal.aborted && served < 100_000) served = Math.max(served, await busy.work());
    };
    const fed = Array.from({ length: 50 }, feed);
    await pause(1);
    expect(await node.actor(Hermit, 'other').work()).to.equal(1);
    await eventually(() => served > 100);
    expect(served).to.be.lessThan(100_000);
    feeding.abort();
    await Promise.all(fed);
  });

  it('whose answers take long to copy let the event loop turn between them', async () => {
    const node = await cluster.node('n1', { activation: { turnQuantumMs: 4 } });
    const printers = Array.from({ length: 40 }, (_, index) => node.actor(Printer, `p${index}`));
    const answers = Promise.all(printers.map((printer, index) => printer.print(`${index}`)));
    await eventually(() => node.inspect().activations?.turns.count === printers.length);
    let loops = 0;
    const count = (): void => {
      loops++;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    gates.openAll();
    await answers;
    clearImmediate(counting);
    expect(loops).to.be.greaterThan(8);
  });

  it('that take long are reported, each once, with what they wait for', async () => {
    const node = await cluster.node('n1', { activation: { longTurnMs: 20 } });
    const waiting = [node.actor(Room, 'slow').write('slow'), node.actor(Room, 'quick').write('quick')];
    await gates.open('quick');
    await eventually(() => cluster.said('a turn takes long').length > 0);
    await pause(60);
    expect(cluster.said('a turn takes long').map(({ fields }) => [fields['actor'], fields['method']])).to.deep.equal([
      ['spec/Room/slow', 'write'],
    ]);
    await gates.open('slow');
    await Promise.all(waiting);
  });

  it('that end before calls they made are logged: an await is missing', async () => {
    const node = await cluster.node();
    await node.actor(Careless, 'c').forget('forgotten');
    const [line] = cluster.said('a turn ended while calls that it made had no answer');
    expect(line?.fields).to.include({ actor: 'spec/Careless/c', method: 'forget', calls: 1 });
    await gates.open('forgotten');
  });

  it('that forget a call are logged also when an earlier call was cancelled before it was made', async () => {
    const node = await cluster.node();
    await node.actor(Careless, 'c').forgetAfterCancelling('forgotten');
    const [line] = cluster.said('a turn ended while calls that it made had no answer');
    expect(line?.fields).to.include({ actor: 'spec/Careless/c', method: 'forgetAfterCancelling', calls: 1 });
    await gates.open('forgotten');
  });
});
