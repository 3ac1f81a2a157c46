import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  isMoonpoolError,
  type ActorReference,
  type FilteredCall,
} from 'moonpool';
import { ClusterFixture, codeOf, eventually, failureOf, Gates, pause } from '../activation/cluster-fixture';

let gates = new Gates();
const log: string[] = [];

class NotEnough extends Error {
  override readonly name = 'NotEnough';
  readonly code = 'E_NOT_ENOUGH';
  constructor(
    readonly missing: number,
    cause: unknown,
  ) {
    super(`${missing} too few`, { cause });
  }
}

@Actor({ name: 'Worker', mailboxCapacity: 3 })
class Worker {
  constructor(@inject(ActorContext) protected readonly context: ActorContext) {}

  @Handler() async work(name: string): Promise<string> {
    log.push(name);
    await gates.wait(name);
    return name;
  }
  @Handler({ timeoutMs: 40 }) async hurry(name: string): Promise<string> {
    return this.work(name);
  }
  /** Ends when its signal aborts, and takes down why. */
  @Handler() async watch(name: string): Promise<string> {
    log.push(name);
    const { signal } = this.context;
    await new Promise((aborted) => signal.addEventListener('abort', aborted, { once: true }));
    log.push(`${name}: ${String((signal.reason as { code?: string }).code ?? signal.reason)}`);
    // An answer at the very moment of the deadline might still be in time.
    await pause(10);
    return name;
  }
  /** Passes its own time on: the next one has no more, whatever is asked for. */
  @Handler() async delegate(other: string, name: string): Promise<string> {
    return this.context.actor(Worker, other).$with({ timeoutMs: 60_000 }).watch(name);
  }
  @Handler() async say(name: string, value: unknown, others: readonly string[]): Promise<unknown> {
    const [next, ...rest] = others;
    const { requestContext } = this.context;
    if (next === undefined) return requestContext.values;
    requestContext.set(`${name} of ${this.context.key}`, value);
    const below = await this.context.actor(Worker, next).say(name, value, rest);
    return { below, here: requestContext.values };
  }
  @Handler() async fail(): Promise<void> {
    throw new NotEnough(3, new RangeError('below zero', { cause: new TypeError('no number') }));
  }
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  /** Does its work, and answers with what cannot travel. */
  @Handler() async answer(kind: 'function' | 'secret'): Promise<unknown> {
    log.push(kind);
    return kind === 'function'
      ? [() => kind]
      : {
          get secret() {
            throw new Error('not for you');
          },
        };
  }
}

@Actor({ name: 'Forgetful', mailboxCapacity: 2, overflow: 'drop-oldest' })
class Forgetful {
  @Handler() async work(name: string): Promise<string> {
    log.push(name);
    await gates.wait(name);
    return name;
  }
}

/** Where the caller is. */
const PLACES = ['on its node', 'over TCP', 'in the same process'] as const;

for (const place of PLACES) {
  describe(`A call of an actor ${place}`, () => {
    let cluster: ClusterFixture;
    let node: ActorRuntime;
    let caller: ActorRuntime;
    let worker: ActorReference<Worker>;

    beforeEach(async () => {
      cluster = new ClusterFixture([Worker, Forgetful]);
      gates = new Gates();
      log.length = 0;
      const inProcess = place === 'in the same process';
      node = await cluster.node('n1', { inProcess });
      caller = place === 'on its node' ? node : await cluster.client({ inProcess });
      worker = caller.actor(Worker, 'w');
    });
    afterEach(async () => {
      gates.openAll();
      await cluster.shutdown();
    });

    describe('has a time', () => {
      it('of its own, of its handler, or of the process, the nearest first', async () => {
        const impatient = await cluster.client({
          messaging: { callTimeoutMs: 80 },
          inProcess: place === 'in the same process',
        });
        const ended: string[] = [];
        const other = impatient.actor(Worker, 'v');
        const calls = {
          process: other.work('c'),
          handler: other.hurry('b'),
          own: other.$with({ timeoutMs: 20 }).hurry('a'),
        };
        await Promise.all(
          Object.entries(calls).map(async ([whose, call]) => {
            expect(await codeOf(call)).to.equal('CALL_TIMEOUT');
            ended.push(whose);
          }),
        );
        expect(ended).to.deep.equal(['own', 'handler', 'process']);
      });

      it('after which a turn that has not begun never does', async () => {
        const first = worker.work('first');
        await gates.reached('first');
        const late = failureOf(worker.$with({ timeoutMs: 20 }).work('late'));
        expect(await late).to.include({ code: 'CALL_TIMEOUT' });
        await gates.open('first');
        await first;
        expect(await worker.where()).to.equal('n1');
        expect(log).to.deep.equal(['first']);
      });

      it('that is also that of the calls it makes: all of them end when it does', async () => {
        const began = performance.now();
        const error = await failureOf(worker.$with({ timeoutMs: 50 }).delegate('x', 'deep'));
        // The callee's deadline is a little earlier, by the time that a call may be under way; so either may be the first to tell.
        expect(isMoonpoolError(error, 'HANDLER_FAILED') ? error.cause : error).to.include({ code: 'CALL_TIMEOUT' });
        await eventually(() => log.length === 2);
        expect(performance.now() - began).to.be.lessThan(1_000);
        expect(log).to.deep.equal(['deep', 'deep: CALL_TIMEOUT']);
      });
    });

    it('whose answer cannot travel has been executed, and its caller learns so', async () => {
      const error = await failureOf(worker.answer('function'));
      expect(error).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'yes' });
      expect(error.message).to.contain('The answer to the call answer of spec/Worker/w holds a function at [0]. ');
      expect(await failureOf(worker.answer('secret'))).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'yes' });
      expect(log).to.deep.equal(['function', 'secret']);
    });

    describe('that is cancelled', () => {
      it('before its turn never has one', async () => {
        const first = worker.work('first');
        await gates.reached('first');
        const controller = new AbortController();
        const cancelled = failureOf(worker.$with({ signal: controller.signal }).work('cancelled'));
        await pause(10);
        controller.abort(new Error('changed my mind'));
        const error = await cancelled;
        expect(error).to.include({ code: 'CALL_CANCELLED', executed: place === 'over TCP' ? 'maybe' : 'no' });
        expect(error.cause).to.be.an('error').with.property('message', 'changed my mind');
        await pause(10);
        await gates.open('first');
        await first;
        expect(await worker.where()).to.equal('n1');
        expect(log).to.deep.equal(['first']);
      });

      it('before it is made is not even sent', async () => {
        const { calls: before } = caller.inspect() as {
          calls: { readonly made: number; readonly failed: number; readonly cancelled: number };
        };
        expect(await failureOf(worker.$with({ signal: AbortSignal.abort() }).work('never'))).to.include({
          code: 'CALL_CANCELLED',
          executed: 'no',
        });
        const { made, failed, cancelled } = before;
        expect(caller.inspect()['calls']).to.deep.equal({
          ...before,
          made: made + 1,
          failed: failed + 1,
          cancelled: cancelled + 1,
        });
        await pause(5);
        expect(log).to.deep.equal([]);
      });

      it('during its turn tells the handler by the signal of its context', async () => {
        const controller = new AbortController();
        const cancelled = failureOf(worker.$with({ signal: controller.signal }).watch('w'));
        await eventually(() => log.length === 1);
        controller.abort(new Error('changed my mind'));
        expect(await cancelled).to.include({ code: 'CALL_CANCELLED', executed: 'maybe' });
        await eventually(() => log.length === 2);
        expect(log[1]).to.match(/^w: (CALL_CANCELLED|Error: changed my mind)$/);
      });
    });

    it('one-way brings nothing back, not even an error', async () => {
      expect(worker.$send.fail()).to.equal(undefined);
      worker.$send.work('sent');
      await gates.open('sent');
      expect(await worker.where()).to.equal('n1');
      expect(log).to.deep.equal(['sent']);
    });

    it('by $trySend is answered when the mailbox has taken it, and at once when that is full; those taken run in order', async () => {
      const sent = [worker.$trySend.work('a')];
      await gates.reached('a');
      for (const name of ['b', 'c', 'd']) sent.push(worker.$trySend.work(name));
      expect(await Promise.all(sent)).to.deep.equal([undefined, undefined, undefined, undefined]);
      expect(await failureOf(worker.$trySend.work('e'))).to.include({ code: 'MAILBOX_FULL', executed: 'no' });
      expect(log).to.deep.equal(['a']);
      for (const name of ['a', 'b', 'c', 'd']) await gates.open(name);
      expect(await worker.where()).to.equal('n1');
      expect(log).to.deep.equal(['a', 'b', 'c', 'd']);
    });

    it('beyond the capacity of a mailbox that drops the oldest has that one refused', async () => {
      const forgetful = caller.actor(Forgetful, 'f');
      const first = forgetful.work('first');
      await gates.reached('first');
      const dropped = failureOf(forgetful.work('a'));
      const kept = [forgetful.work('b'), forgetful.work('c')];
      expect(await dropped).to.include({ code: 'MAILBOX_FULL', executed: 'no' });
      for (const name of ['first', 'b', 'c']) await gates.open(name);
      expect(await Promise.all([first, ...kept])).to.deep.equal(['first', 'b', 'c']);
      expect(log).to.deep.equal(['first', 'b', 'c']);
    });

    it('takes what was said about the request down with it, and brings nothing back up', async () => {
      const answer = await worker
        .$with({ context: { tenant: 'acme', trace: 7 } })
        .say('note', { deep: [1] }, ['x', 'y']);
      expect(answer).to.deep.equal({
        below: {
          below: { tenant: 'acme', trace: 7, 'note of w': { deep: [1] }, 'note of x': { deep: [1] } },
          here: { tenant: 'acme', trace: 7, 'note of w': { deep: [1] }, 'note of x': { deep: [1] } },
        },
        here: { tenant: 'acme', trace: 7, 'note of w': { deep: [1] } },
      });
      expect(await worker.say('none', 1, [])).to.deep.equal({});
    });

    it('is refused when what is said about it has no room', async () => {
      const error = await failureOf(worker.$with({ context: { essay: 'x'.repeat(4_100) } }).where());
      expect(error).to.include({ code: 'HEADER_TOO_LARGE', executed: 'no' });
      expect(error.message).to.contain('essay');
      const above = failureOf(
        worker.$with({ context: { a: 'x'.repeat(3_000) } }).say('note', 'y'.repeat(2_000), ['x']),
      );
      expect((await above).cause).to.include({ code: 'HEADER_TOO_LARGE' });
      expect(await worker.where()).to.equal('n1');
    });

    it('fails with the error of its handler: name, message, own fields, and causes to the last', async () => {
      const error = await failureOf(worker.fail());
      expect(error).to.include({ name: 'NotEnough', message: '3 too few', missing: 3, code: 'E_NOT_ENOUGH' });
      expect(error.cause).to.be.instanceOf(RangeError).with.property('message', 'below zero');
      expect((error.cause as Error).cause)
        .to.be.instanceOf(TypeError)
        .with.property('message', 'no number');
    });
  });
}

describe('A call', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    cluster = new ClusterFixture([Worker]);
    gates = new Gates();
    log.length = 0;
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  it('whose answer comes too late has ended before: the answer is counted, and goes nowhere', async () => {
    await cluster.node();
    const client = await cluster.client();
    expect(await codeOf(client.actor(Worker, 'w').$with({ timeoutMs: 1_000 }).work('slow'))).to.equal('CALL_TIMEOUT');
    expect(client.inspect()['calls']).to.include({ pending: 0, made: 1, failed: 1, timedOut: 1, lateReplies: 0 });
    await gates.open('slow');
    await eventually(() => (client.inspect()['calls'] as { lateReplies: number }).lateReplies === 1);
  });

  it('of a handler that does not exist, or of an actor that nobody hosts, names what was meant perhaps', async () => {
    await cluster.node();
    const client = await cluster.client();
    const reference = client.actor(Worker, 'w') as unknown as Record<string, () => Promise<unknown>>;
    const missing = reference['wrok'];
    expect(missing).to.equal(undefined);
    @Actor({ name: 'Wroker' })
    class Wroker {
      @Handler() async work(): Promise<void> {}
    }
    expect(() => client.actor(Wroker, 'w'))
      .to.throw(/Wroker/)
      .with.property('code', 'UNKNOWN_ACTOR');
  });

  it('of a handler that only its caller has is answered with the nearest that its node has', async () => {
    @Actor({ name: 'Worker' })
    class NewerWorker {
      @Handler() async works(): Promise<void> {}
    }
    const newer = await cluster.client({ actors: [NewerWorker] });
    await cluster.node();
    const error = await failureOf(newer.actor(NewerWorker, 'w').works());
    expect(error).to.include({ code: 'UNKNOWN_HANDLER', executed: 'no' });
    expect(error.message).to.contain("'work'");
  });

  it('in excess of what may wait is refused', async () => {
    const node = await cluster.node('n1', { messaging: { maxPendingCalls: 2 } });
    const waiting = [node.actor(Worker, 'a').work('a'), node.actor(Worker, 'b').work('b')];
    expect(await failureOf(node.actor(Worker, 'c').work('c'))).to.include({
      code: 'TOO_MANY_PENDING_CALLS',
      executed: 'no',
    });
    await gates.open('a');
    await gates.open('b');
    await Promise.all(waiting);
    expect(log).to.deep.equal(['a', 'b']);
  });
});

describe('Filters', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    cluster = new ClusterFixture([Worker]);
    gates = new Gates();
    gates.openAll();
    log.length = 0;
  });
  afterEach(() => cluster.shutdown());

  const noting =
    (name: string) =>
    async (call: FilteredCall, next: () => Promise<unknown>): Promise<unknown> => {
      log.push(`+${name} ${call.method} of ${call.actor.path}`);
      try {
        return await next();
      } finally {
        log.push(`-${name}`);
      }
    };

  it('stand around calls in their order, those of the caller outside of those of the actor', async () => {
    await cluster.node('n1', { incoming: [noting('in1'), noting('in2')] });
    const client = await cluster.client({ outgoing: [noting('out1'), noting('out2')] });
    await client.actor(Worker, 'w').work('work');
    const of = 'work of spec/Worker/w';
    expect(log).to.deep.equal([
      `+out1 ${of}`,
      `+out2 ${of}`,
      `+in1 ${of}`,
      `+in2 ${of}`,
      'work',
      '-in2',
      '-in1',
      '-out2',
      '-out1',
    ]);
  });

  it('change results, refuse calls, and answer in place of the actor, at either side', async () => {
    const shout = async (_: FilteredCall, next: () => Promise<unknown>): Promise<unknown> =>
      String(await next()).toUpperCase();
    const guard = async ({ args, values }: FilteredCall, next: () => Promise<unknown>): Promise<unknown> => {
      if (args[0] === 'forbidden') throw new RangeError(`${String(values['who'])} may not`);
      return args[0] === 'known' ? 'from memory' : next();
    };
    await cluster.node('n1', { incoming: [shout, guard] });
    const open = await cluster.client();
    const guarded = await cluster.client({ name: 'guarded', outgoing: [guard] });
    const ann = { context: { who: 'ann' } };
    for (const client of [open, guarded]) {
      const worker = client.actor(Worker, 'w').$with(ann);
      expect(await worker.work('allowed')).to.equal('ALLOWED');
      expect(await failureOf(worker.work('forbidden')))
        .to.be.instanceOf(RangeError)
        .with.property('message', 'ann may not');
      expect(await worker.work('known')).to.equal(client === open ? 'FROM MEMORY' : 'from memory');
    }
    expect(log).to.deep.equal(['allowed', 'allowed']);
  });

  it('that are no functions are refused at the start', async () => {
    expect(await codeOf(cluster.node('n1', { incoming: ['none'] as never }))).to.equal('INVALID_OPTION');
  });
});
