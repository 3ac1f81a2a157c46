import { expect } from 'chai';
import { Deferred } from '../../lib/concurrency/deferred';
import type { LocalActor, LocalContext } from '../../lib/local-actors/local-actor';
import type { LocalEnding } from '../../lib/local-actors/local-ending';
import { codeOf, failureOf, inBothWorlds, simulated } from './local-fixture';

type CounterMessage = 'add' | 'fail' | 'refuse';

class Counter implements LocalActor<CounterMessage, number> {
  private count = 0;

  receive(message: CounterMessage): number {
    if (message !== 'add') throw new Error(`told to ${message}`);
    return ++this.count;
  }

  survives(_error: unknown, message: CounterMessage): boolean {
    return message === 'refuse';
  }
}

/** Handles a message when its gate is opened, and notes what it handled. */
class Gate implements LocalActor<number, number> {
  static readonly handled: number[] = [];
  static gate = new Deferred<void>();

  static reset(): void {
    Gate.handled.length = 0;
    Gate.gate = new Deferred<void>();
  }

  async receive(message: number): Promise<number> {
    await Gate.gate.promise;
    Gate.handled.push(message);
    return message * 10;
  }
}

describe('A local actor', () => {
  beforeEach(() => Gate.reset());

  inBothWorlds('handles one message after the other and answers requests', async ({ system }) => {
    const counter = system.spawn(Counter);
    await counter.whenStarted();
    counter.trySend('add');
    await counter.send('add');
    expect(await counter.request('add')).to.equal(3);
    expect((await counter.stop()).code).to.equal('stopped');
  });

  it(
    'keeps the order of its senders, also of those that wait for room',
    simulated(async ({ system }) => {
      Gate.reset();
      const gate = system.spawn(Gate, { mailboxCapacity: 3 });
      await gate.whenStarted();
      const sent = [1, 2, 3, 4, 5].map((number) => gate.send(number));
      await sent[0];
      const last = gate.request(6);
      expect(gate.queued).to.equal(3);
      Gate.gate.resolve();
      await Promise.all(sent);
      expect(await last).to.equal(60);
      expect(Gate.handled).to.deep.equal([1, 2, 3, 4, 5, 6]);
    }),
  );

  it(
    'has a bounded mailbox: trySend fails at once, send waits, and no more senders wait than it holds messages',
    simulated(async ({ system }) => {
      Gate.reset();
      const gate = system.spawn(Gate, { mailboxCapacity: 2 });
      await gate.whenStarted();
      for (const number of [1, 2, 3]) gate.trySend(number);
      expect(() => gate.trySend(4)).to.throw('MAILBOX_FULL');
      let admitted = 0;
      const waiting = [4, 5].map((number) => gate.send(number).then(() => admitted++));
      expect(await codeOf(gate.send(6))).to.equal('MAILBOX_FULL no');
      expect(admitted).to.equal(0);
      Gate.gate.resolve();
      await Promise.all(waiting);
      expect(await gate.request(6)).to.equal(60);
      expect(Gate.handled).to.deep.equal([1, 2, 3, 4, 5, 6]);
    }),
  );

  it(
    'never sees a message whose sender gave up before it was handled, and says of the others that they may have been',
    simulated(async ({ system }) => {
      Gate.reset();
      const gate = system.spawn(Gate, { mailboxCapacity: 1 });
      await gate.whenStarted();
      const cancel = new AbortController();
      const outcomes = [
        codeOf(gate.request(1, { timeoutMs: 100 })),
        codeOf(gate.request(2, { timeoutMs: 100 })),
        codeOf(gate.send(3, { signal: cancel.signal })),
      ];
      await Promise.resolve();
      cancel.abort();
      expect(await codeOf(gate.request(4, { signal: cancel.signal }))).to.equal('CALL_CANCELLED no');
      expect(await Promise.all(outcomes)).to.deep.equal(['CALL_TIMEOUT maybe', 'CALL_TIMEOUT no', 'CALL_CANCELLED no']);
      Gate.gate.resolve();
      expect(await gate.request(5)).to.equal(50);
      expect(Gate.handled).to.deep.equal([1, 5]);
    }),
  );

  inBothWorlds('gives the error of its handler to who asked, and ends with it', async ({ system, lines }) => {
    const counter = system.spawn(Counter, { name: 'hits' });
    expect(((await failureOf(counter.request('refuse'))) as Error).message).to.equal('told to refuse');
    expect(await counter.request('add')).to.equal(1);
    const [failed, after] = [failureOf(counter.request('fail')), codeOf(counter.request('add'))];
    expect(((await failed) as Error).message).to.equal('told to fail');
    expect(await after).to.equal('LOCAL_ACTOR_ENDED no');
    const ending = await counter.ended;
    expect(ending).to.include({ code: 'failed', description: 'The local actor hits failed: told to fail' });
    expect(counter.hasEnded).to.equal(true);
    expect(() => counter.trySend('add')).to.throw('LOCAL_ACTOR_ENDED');
    expect(lines).to.deep.equal(['hits failed and has no supervisor: told to fail']);
  });

  it(
    'that is stopped works off its mailbox and takes no more',
    simulated(async ({ system }) => {
      Gate.reset();
      const gate = system.spawn(Gate, { mailboxCapacity: 2 });
      await gate.whenStarted();
      const answers = [1, 2, 3].map((number) => gate.request(number));
      const outside = codeOf(gate.request(4));
      await Promise.resolve();
      const stopped = gate.stop();
      expect(await codeOf(gate.send(5))).to.equal('LOCAL_ACTOR_ENDED no');
      Gate.gate.resolve();
      expect(await Promise.all(answers)).to.deep.equal([10, 20, 30]);
      expect(await outside).to.equal('LOCAL_ACTOR_ENDED no');
      expect((await stopped).code).to.equal('stopped');
      expect(Gate.handled).to.deep.equal([1, 2, 3]);
    }),
  );

  it(
    'that is stopped at once finishes only the message that is under way',
    simulated(async ({ system }) => {
      Gate.reset();
      const gate = system.spawn(Gate);
      await gate.whenStarted();
      const [under, waiting] = [gate.request(1), codeOf(gate.request(2))];
      await Promise.resolve();
      const stopped = gate.stop({ drain: false });
      Gate.gate.resolve();
      expect(await under).to.equal(10);
      expect(await waiting).to.equal('LOCAL_ACTOR_ENDED no');
      expect((await stopped).code).to.equal('stopped');
      expect(Gate.handled).to.deep.equal([1]);
    }),
  );

  it(
    'that does not stop within its limit is given up, and who waits for it is told',
    simulated(async ({ system, time, lines }) => {
      Gate.reset();
      const gate = system.spawn(Gate, { name: 'stuck', stopLimitMs: 200 });
      await gate.whenStarted();
      const request = codeOf(gate.request(1));
      await Promise.resolve();
      const before = time.now();
      await gate.stop();
      expect(time.now() - before).to.be.within(200, 300);
      expect(await request).to.equal('LOCAL_ACTOR_ENDED maybe');
      expect(lines[0]).to.contain('did not stop within 200 ms');
      expect(system.names).to.deep.equal([]);
    }),
  );

  it(
    'runs its hooks: onStart before the first message, onStop after the last, also after a failure',
    simulated(async ({ system, time }) => {
      const steps: string[] = [];
      class Hooked implements LocalActor<string> {
        async onStart(): Promise<void> {
          await time.sleep(50);
          steps.push('start');
        }
        receive(message: string): void {
          steps.push(message);
          if (message === 'fail') throw new Error('told to fail');
        }
        onStop({ code }: LocalEnding): void {
          steps.push(code);
        }
      }
      const first = system.spawn(Hooked);
      first.trySend('early');
      await first.stop();
      const second = system.spawn(Hooked);
      second.trySend('fail');
      await second.ended;
      expect(steps).to.deep.equal(['start', 'early', 'stopped', 'start', 'fail', 'failed']);
    }),
  );

  it(
    'that cannot start has failed, and says so to who waits for its start',
    simulated(async ({ system }) => {
      class Broken implements LocalActor<string> {
        onStart(): void {
          throw new Error('no database');
        }
        receive(): void {}
      }
      class Slow extends Broken {
        override onStart(): Promise<void> {
          return new Promise<void>(() => undefined);
        }
      }
      const broken = system.spawn(Broken);
      expect(await codeOf(broken.whenStarted())).to.equal('LOCAL_ACTOR_ENDED no');
      expect((await broken.ended).description).to.contain('no database');
      const { code, error } = await system.spawn(Slow, { startLimitMs: 100 }).ended;
      expect(code).to.equal('failed');
      expect((error as { readonly code?: string }).code).to.equal('LIFECYCLE_TIMEOUT');
    }),
  );

  inBothWorlds(
    'may be a body: a task that asks for its messages itself, several at once if it likes',
    async ({ system }) => {
      const adder = system.spawn<number, number>(async (context) => {
        let sum = 0;
        const work = async (): Promise<void> => {
          for (let request = await context.receive(); request !== undefined; request = await context.receive())
            request.answer((sum += request.message));
        };
        await Promise.all([work(), work()]);
      });
      expect(await adder.request(2)).to.equal(2);
      expect(await adder.request(3)).to.equal(5);
      expect((await adder.stop()).code).to.equal('stopped');
    },
  );

  it(
    'refuses the requests that its body never answered, and lets none be answered twice',
    simulated(async ({ system }) => {
      const twice = new Deferred<unknown>();
      const body = async (context: LocalContext<string, string>): Promise<void> => {
        const first = await context.receive();
        first?.answer('once');
        try {
          first?.answer('twice');
        } catch (error) {
          twice.resolve(error);
        }
        await context.receive();
      };
      const careless = system.spawn<string, string>(body);
      expect(await careless.request('first')).to.equal('once');
      expect(await twice.promise).to.include({ code: 'REPLY_ALREADY_GIVEN' });
      expect(await codeOf(careless.request('second'))).to.equal('LOCAL_ACTOR_ENDED maybe');
      expect((await careless.ended).code).to.equal('finished');
    }),
  );

  it(
    'may end by itself',
    simulated(async ({ system }) => {
      const once = system.spawn<string, string>((context) => ({
        receive(message) {
          context.finish();
          return message;
        },
      }));
      const [first, second] = [once.request('a'), codeOf(once.request('b'))];
      expect(await first).to.equal('a');
      expect(await second).to.equal('LOCAL_ACTOR_ENDED no');
      expect((await once.ended).code).to.equal('finished');
    }),
  );

  inBothWorlds('leaves the event loop its turns, however many messages wait', async ({ system, parts }) => {
    const endless = system.spawn<number>((context) => ({ receive: (number) => context.self.trySend(number + 1) }));
    endless.trySend(0);
    for (let turn = 0; turn < 5; turn++) await parts.tasks.yield();
    await endless.stop({ drain: false });
  });
});

describe('A system of local actors', () => {
  it(
    'finds them by name and by what they do, while they are alive',
    simulated(async ({ system }) => {
      const hits = system.spawn(Counter, { name: 'hits' });
      system.spawn(Counter);
      expect(system.names).to.deep.equal(['hits', 'Counter-1']);
      expect(system.find(Counter, 'hits')).to.equal(hits);
      expect(system.find(Gate, 'hits')).to.equal(undefined);
      expect(() => system.spawn(Counter, { name: 'hits' })).to.throw('LOCAL_NAME_IN_USE');
      await hits.stop();
      expect(system.find(Counter, 'hits')).to.equal(undefined);
      await system.spawn(Counter, { name: 'hits' }).whenStarted();
    }),
  );

  it(
    'stops them in the reverse order of their start, and starts none after that',
    simulated(async ({ system }) => {
      const stopped: string[] = [];
      const noting = (context: LocalContext<string>): LocalActor<string> => ({
        receive: () => undefined,
        onStop: () => void stopped.push(context.name),
      });
      for (const name of ['first', 'second', 'third']) system.spawn(noting, { name });
      await system.stop();
      expect(stopped).to.deep.equal(['third', 'second', 'first']);
      expect(() => system.spawn(noting)).to.throw('LOCAL_ACTOR_ENDED');
    }),
  );

  it(
    'refuses options that cannot work',
    simulated(async ({ system }) => {
      expect(() => system.spawn(Counter, { mailboxCapacity: 0 })).to.throw('mailboxCapacity');
      expect(() => system.spawn(Counter, { stopLimitMs: -1 })).to.throw('stopLimitMs');
      expect(() => system.spawn(Counter, { name: 'a/b' })).to.throw('without slashes');
      expect(system.names).to.deep.equal([]);
    }),
  );
});
