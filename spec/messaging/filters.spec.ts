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
  ActorState,
  Persist,
  Reminder,
  Timer,
  type ActorReference,
  type CallFilter,
  type ContainerModule,
  type FilteredCall,
  type StartOptions,
} from 'moonpool';
import { MessageBus } from '../../lib/messaging/message-bus';

const served: unknown[] = [];

@Observer({ name: 'Ear' })
class Ear {
  @Handler() async hear(line: string): Promise<string> {
    return `heard ${line}`;
  }
}

@Actor({ name: 'Vault' })
class Vault {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async open(what: unknown): Promise<unknown> {
    served.push([what, this.context.requestContext.get('who'), this.context.requestContext.get('why')]);
    return what;
  }
  @Handler({ share: true }) async share(what: unknown): Promise<boolean> {
    served.push(what);
    return Object.isFrozen(what);
  }
  @Handler() async ask(what: unknown): Promise<unknown> {
    return this.context.actor(Vault, 'inner').open(what);
  }
  @Handler() async slow(): Promise<void> {
    served.push('begun');
    await sleep(30);
    served.push('ended');
  }
  @Handler() async tell(ear: ActorReference<Ear>): Promise<string> {
    return ear.hear('something');
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 2_000; waited += 5) await sleep(5);
}

/** How the call ended: what it gave, or the codes of its error and of what is behind that. */
function endOf(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error: unknown) => {
    const codes: string[] = [];
    for (let cause = error; isMoonpoolError(cause); cause = cause.cause) codes.push(cause.code);
    return codes.join(' < ');
  });
}

for (const isFar of [true, false]) {
  describe(`Filters, ${isFar ? 'of calls by connections' : 'of calls within a node'}`, () => {
    let runtimes: ActorRuntime[] = [];
    beforeEach(() => served.splice(0));
    afterEach(async () => {
      for (const runtime of runtimes.splice(0).reverse()) await runtime.shutdown();
    });

    /** A node with these filters around what is served, and whoever calls it with those around what is called. */
    async function caller(
      outgoing: readonly CallFilter[],
      incoming: readonly CallFilter[] = [],
    ): Promise<ActorRuntime> {
      const common: StartOptions = {
        namespace: 'spec',
        actors: [Vault],
        observers: [Ear],
        modules: [memory(), silent],
        inProcess: false,
      };
      if (!isFar) return keep(await ActorRuntime.start({ ...common, incoming, outgoing }));
      keep(await ActorRuntime.start({ ...common, incoming }));
      return keep(await ActorRuntime.connect({ ...common, outgoing }));
    }
    const keep = (runtime: ActorRuntime): ActorRuntime => {
      runtimes = [...runtimes, runtime];
      return runtime;
    };

    for (const [what, forgetful] of [
      ['waits for it and returns nothing', async (_call, next) => void (await next())],
      ['does not wait for it', async (_call, next) => void next()],
      ['is no async function', (_call, next) => void next() as never],
    ] as readonly (readonly [string, CallFilter])[])
      it(`are refused when one lets a call go on and ${what}`, async () => {
        const runtime = await caller([], [forgetful]);
        expect(await endOf(runtime.actor(Vault, 'v').open('x'))).to.match(/FILTER_MISUSED$/);
        const near = await caller([forgetful]);
        const failure: unknown = await near
          .actor(Vault, 'v')
          .open('x')
          .catch((error: unknown) => error);
        expect(String(failure)).to.match(
          /A filter of the call open of spec\/Vault\/v is wrong: it let the call go on and returned nothing.*return next\(\)/,
        );
      });

    it('may return nothing where there is no answer, withhold one by null, and answer in its place', async () => {
      const waiting: CallFilter = async (_call, next) => void (await next());
      const vault = (await caller([], [waiting])).actor(Vault, 'v');
      expect(await vault.slow()).to.equal(undefined);
      const withholding: CallFilter = async (_call, next) => (await next(), null);
      expect(await (await caller([withholding])).actor(Vault, 'v').open('x')).to.equal(null);
      const silentFilter: CallFilter = async () => null;
      expect(await (await caller([silentFilter])).actor(Vault, 'v').open('x')).to.equal(null);
      expect(served).to.have.length(3);
    });

    it('are refused when one neither lets a call go on nor answers it, and nothing was executed', async () => {
      const forgetful: CallFilter = async ({ args }, next) => (args[0] === 'x' ? next() : undefined);
      const failure: unknown = await (
        await caller([forgetful])
      )
        .actor(Vault, 'v')
        .open('y')
        .catch((error: unknown) => error);
      expect(String(failure)).to.match(
        /open of spec\/Vault\/v is wrong: it neither let the call go on nor answered it/,
      );
      expect(isMoonpoolError(failure, 'FILTER_MISUSED') && failure.executed).to.equal('no');
      const turned = await caller([], [forgetful]);
      expect(await endOf(turned.actor(Vault, 'v').open('y'))).to.equal('HANDLER_FAILED < FILTER_MISUSED');
      expect(served).to.deep.equal([]);
    });

    it('stand around one-way messages too, and those that are refused are counted', async () => {
      const seen: string[] = [];
      const watching: CallFilter = async (call, next) => {
        seen.push(call.method);
        if (call.args[0] === 'secret') throw new Error('not that');
        await sleep(1);
        return next();
      };
      const runtime = await caller([watching]);
      const vault = runtime.actor(Vault, 'v');
      vault.$send.open('sent');
      expect(await vault.$trySend.open('tried')).to.equal(undefined);
      await until(() => served.length === 2);
      vault.$send.open('secret');
      await until(() => runtime.inspect().calls.dropped === 1);
      expect(await endOf(vault.$trySend.open('secret').catch((error: Error) => error.message))).to.equal('not that');
      expect([seen, served, runtime.inspect().calls.dropped]).to.deep.equal([
        ['open', 'open', 'open', 'open'],
        [
          ['sent', undefined, undefined],
          ['tried', undefined, undefined],
        ],
        1,
      ]);
    });

    it('let a call go on once: a second time, too late, or with what is no change is refused by name', async () => {
      const twice: CallFilter = async (_call, next) => {
        await next();
        return next();
      };
      let late: (() => Promise<unknown>) | undefined;
      const tooLate: CallFilter = async (_call, next) => {
        late = next;
        return 'early';
      };
      const strange: CallFilter = (_call, next) => next({ arguments: [] } as never);
      for (const [outgoing, incoming] of [
        [[twice], []],
        [[], [twice]],
      ]) {
        served.splice(0);
        expect(await endOf((await caller(outgoing ?? [], incoming)).actor(Vault, 'v').open(1))).to.match(
          /FILTER_MISUSED$/,
        );
        expect(served).to.have.length(1);
        for (const runtime of runtimes.splice(0).reverse()) await runtime.shutdown();
      }
      served.splice(0);
      for (const [outgoing, incoming] of [
        [[tooLate], []],
        [[], [tooLate]],
      ]) {
        expect(await endOf((await caller(outgoing ?? [], incoming)).actor(Vault, 'v').open(1))).to.equal('early');
        expect(await endOf(late?.() ?? Promise.resolve())).to.equal('FILTER_MISUSED');
        for (const runtime of runtimes.splice(0).reverse()) await runtime.shutdown();
      }
      const misused: unknown = await (
        await caller([strange])
      )
        .actor(Vault, 'v')
        .open(1)
        .catch((error: unknown) => error);
      expect(isMoonpoolError(misused, 'FILTER_MISUSED') && misused.executed).to.equal('no');
      expect(served).to.deep.equal([]);
    });

    it('change arguments and say something about the request, each what those outside of it have left', async () => {
      const first: CallFilter = (call, next) =>
        next({ args: [`${String(call.args[0])}!`], context: { who: 'ann', why: 'first' } });
      const second: CallFilter = (call, next) =>
        next({ args: [`${String(call.args[0])} by ${String(call.values['who'])}`], context: { why: 'second' } });
      const runtime = await caller([first, second]);
      expect(
        await runtime
          .actor(Vault, 'v')
          .$with({ context: { who: 'bob' } })
          .open('gold'),
      ).to.equal('gold! by ann');
      runtime.actor(Vault, 'v').$send.open('dust');
      await until(() => served.length === 2);
      expect(served).to.deep.equal([
        ['gold! by ann', 'ann', 'second'],
        ['dust! by ann', 'ann', 'second'],
      ]);
    });

    it('around what is served change what the handler sees, and what goes with the calls that it makes', async () => {
      const naming: CallFilter = (call, next) =>
        next(
          call.values['who'] === undefined
            ? { args: [`${String(call.args[0])}?`], context: { who: 'the filter' } }
            : undefined,
        );
      const runtime = await caller([], [naming]);
      expect(await runtime.actor(Vault, 'v').ask('gold')).to.equal('gold?');
      expect(served).to.deep.equal([['gold?', 'the filter', undefined]]);
    });

    it('hand on what is copied or frozen like any argument', async () => {
      const own = { list: [1] };
      const giving: CallFilter = (_call, next) => next({ args: [own] });
      const runtime = await caller([giving]);
      expect(await runtime.actor(Vault, 'v').open('x')).to.deep.equal(own);
      own.list.push(2);
      expect(served).to.deep.equal([[{ list: [1] }, undefined, undefined]]);
      expect(await endOf(runtime.actor(Vault, 'v').open('x'))).to.deep.equal({ list: [1, 2] });
      if (!isFar) expect(await runtime.actor(Vault, 'v').share('x')).to.equal(true);
    });

    it('end no turn before its handler has ended', async () => {
      const hasty: CallFilter = async (call, next) => {
        if (call.method !== 'slow') return next();
        void next();
        return 'early';
      };
      const runtime = await caller([], [hasty]);
      const vault = runtime.actor(Vault, 'v');
      expect(await Promise.all([vault.slow(), vault.open('later')])).to.deep.equal(['early', 'later']);
      expect(served).to.deep.equal(['begun', 'ended', ['later', undefined, undefined]]);
    });

    it('have no more time than the call has, and one that was given up for them is not made afterwards', async () => {
      const late: CallFilter = async (_call, next) => (await sleep(120), next());
      const runtime = await caller([late]);
      const [vault, signal] = [runtime.actor(Vault, 'v'), AbortSignal.timeout(10)];
      const failures = await Promise.all(
        [vault.$with({ timeoutMs: 20 }).open('x'), vault.$with({ signal }).open('y')].map((call) =>
          call.catch((error: unknown) => error),
        ),
      );
      expect(failures[0]).to.include({ code: 'CALL_TIMEOUT', executed: 'no' });
      expect(failures[1]).to.include({ code: 'CALL_CANCELLED', executed: 'no' });
      await sleep(150);
      expect(served).to.deep.equal([]);
    });

    it('that never end keep nobody waiting: neither whoever calls, nor the end of the process', async () => {
      const stuck: CallFilter = async (_call, next) => (await next(), new Promise(() => undefined));
      const runtime = await caller([stuck]);
      const after = await endOf(runtime.actor(Vault, 'v').$with({ timeoutMs: 50 }).open('x'));
      expect([after, served.length]).to.deep.equal(['CALL_TIMEOUT', 1]);
      const never: CallFilter = () => new Promise(() => undefined);
      const other = await caller([never]);
      const [asked, sent] = [
        endOf(other.actor(Vault, 'v').open('x')),
        endOf(other.actor(Vault, 'v').$trySend.open('x')),
      ];
      await sleep(1);
      other.service(MessageBus).stop();
      expect(await Promise.all([asked, sent])).to.deep.equal(['RUNTIME_NOT_READY', 'RUNTIME_NOT_READY']);
    });

    it('that are no async functions refuse and answer like others', async () => {
      const refusing = ((call: FilteredCall) => {
        if (call.args[0] === 'secret') throw new TypeError('not that');
        return 'plain';
      }) as unknown as CallFilter;
      const vault = (await caller([refusing])).actor(Vault, 'v');
      expect(await vault.open('x')).to.equal('plain');
      expect(await vault.open('secret').catch((error: Error) => error.message)).to.equal('not that');
    });
  });
}

describe('Filters around observers', () => {
  it('see the calls that an actor makes of them, and those that they serve', async () => {
    const seen: string[] = [];
    const watching =
      (where: string): CallFilter =>
      (call, next) => {
        seen.push(`${where} ${call.method}`);
        return next();
      };
    const common: StartOptions = {
      namespace: 'spec',
      actors: [Vault],
      observers: [Ear],
      modules: [memory(), silent],
      inProcess: false,
    };
    const node = await ActorRuntime.start({ ...common, outgoing: [watching('the actor asks')] });
    const client = await ActorRuntime.connect({ ...common, incoming: [watching('the observer serves')] });
    const { reference } = await client.observe(new Ear());
    expect(await client.actor(Vault, 'v').tell(reference)).to.equal('heard something');
    expect(seen).to.deep.equal(['the actor asks hear', 'the observer serves hear']);
    await client.shutdown();
    await node.shutdown();
  });
});

class Due {
  expired = false;
}

@Actor({ name: 'Order', persist: 'after-turn' })
class Order {
  @Persist(Due) private readonly due!: ActorState<Due>;
  private ticks = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async place(): Promise<void> {
    await this.context.remind('expire', { delayMs: 1 });
  }
  @Reminder() async expire(): Promise<void> {
    this.due.value.expired = true;
  }
  @Timer({ everyMs: 10 }) async tick(): Promise<void> {
    this.ticks++;
  }
  @Handler({ readOnly: true }) async seen(): Promise<{ readonly expired: boolean; readonly ticks: number }> {
    return { expired: this.due.value.expired, ticks: this.ticks };
  }
}

describe('A filter that asks who calls', () => {
  it('is told what nobody has called: ticks of timers, and reminders, which it lets go on', async () => {
    const origins = new Map<string, string>();
    const guard: CallFilter = async (call, next) => {
      origins.set(call.method, call.origin);
      if (call.origin === 'call' && call.values['who'] !== 'ann') throw new Error(`${call.method} is not for you`);
      return next();
    };
    const outgoing: CallFilter = (call, next) => {
      origins.set(`to ${call.method}`, call.origin);
      return next();
    };
    const modules = [memory(), silent];
    const runtime = await ActorRuntime.start({
      namespace: 'spec',
      actors: [Order],
      modules,
      incoming: [guard],
      outgoing: [outgoing],
      deliveries: { pollMs: 10, maxRefusals: 1 },
    });
    const order = runtime.actor(Order, 'o');
    expect(await order.place().catch((error: Error) => error.message)).to.contain('place is not for you');
    const ofAnn = order.$with({ context: { who: 'ann' } });
    await ofAnn.place();
    let seen = await ofAnn.seen();
    for (let look = 0; look < 200 && !(seen.expired && seen.ticks > 0); look++) {
      await sleep(10);
      seen = await ofAnn.seen();
    }
    expect(seen.expired).to.equal(true);
    expect(seen.ticks).to.be.greaterThan(0);
    expect(Object.fromEntries(origins)).to.include({
      place: 'call',
      tick: 'timer',
      '$reminder/expire': 'reminder',
      'to place': 'call',
      'to $reminder/expire': 'reminder',
    });
    await runtime.shutdown();
  });
});
