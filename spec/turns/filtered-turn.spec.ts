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
  MoonpoolError,
  Persist,
  Reentrant,
  type CallFilter,
  type ContainerModule,
} from 'moonpool';

class Balance {
  amount = 0;
}

let executed = 0;

@Actor({ name: 'Purse', persist: 'after-turn' })
class Purse {
  @Persist(Balance) private readonly balance!: ActorState<Balance>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async pay(amount: number): Promise<number> {
    executed++;
    this.balance.value.amount -= amount;
    await this.context.actor(Purse, 'bank').$deliver.earn(amount);
    if (this.balance.value.amount < 0) throw new RangeError('not covered');
    return this.balance.value.amount;
  }
  @Handler() async earn(amount: number): Promise<number> {
    executed++;
    return (this.balance.value.amount += amount);
  }
  @Handler({ readOnly: true }) async amount(): Promise<number> {
    return this.balance.value.amount;
  }
}

@Reentrant()
@Actor({ name: 'OpenPurse' })
class OpenPurse {
  @Persist(Balance) private readonly balance!: ActorState<Balance>;

  @Handler({ idempotent: true }) async earn(amount: number): Promise<number> {
    this.balance.value.amount += amount;
    await this.balance.persist();
    return this.balance.value.amount;
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

describe('Filters around what is durable', () => {
  let runtime: ActorRuntime | undefined;
  beforeEach(() => (executed = 0));
  afterEach(() => runtime?.shutdown());

  const start = async (...incoming: readonly CallFilter[]): Promise<ActorRuntime> => {
    const deliveries = { maxRefusals: 1, pollMs: 20, graceMs: 20 };
    const modules = [memory(), silent];
    runtime = await ActorRuntime.start({
      namespace: 'spec',
      actors: [Purse, OpenPurse],
      modules,
      incoming,
      deliveries,
      activation: { deadlockAfterMs: 20 },
    });
    return runtime;
  };
  const failing = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

  const mapping: CallFilter = async (_call, next) => {
    try {
      return await next();
    } catch (error) {
      return { refused: (error as Error).message };
    }
  };
  const annAlone: CallFilter = async ({ values }, next) => {
    if (values['user'] !== 'ann') throw new Error(`not for ${String(values['user'])}`);
    return next();
  };

  it('undo what a handler has changed before it threw, also where one of them answers for it', async () => {
    const node = await start(mapping);
    const purse = node.actor(Purse, 'p');
    expect(await purse.pay(5)).to.deep.equal({ refused: 'not covered' });
    expect(await purse.amount()).to.equal(0);
    expect(await purse.earn(7)).to.equal(7);
    expect(await purse.pay(2)).to.equal(5);
    let banked = 0;
    for (let waited = 0; banked === 0 && waited < 1_000; waited += 5) {
      await new Promise((wake) => setTimeout(wake, 5));
      banked = await node.actor(Purse, 'bank').amount();
    }
    expect(banked).to.equal(2);
  });

  for (const type of [Purse, OpenPurse])
    it(`refuse an answer that is remembered too, where they refuse the call (${type.name})`, async () => {
      const node = await start(annAlone);
      const as = (user: string) =>
        node.actor<Purse | OpenPurse>(type, 'p').$with({ context: { user }, idempotencyKey: 'one' });
      expect(await as('ann').earn(3)).to.equal(3);
      expect(await failing(as('bob').earn(3))).to.have.property('message', 'not for bob');
      expect(await as('ann').earn(3)).to.equal(3);
    });

  it('have their refusals remembered by nobody', async () => {
    const node = await start(annAlone);
    const as = (user: string) => node.actor(Purse, 'p').$with({ context: { user }, idempotencyKey: 'one' });
    expect(await failing(as('bob').earn(3))).to.have.property('message', 'not for bob');
    expect(await as('ann').earn(3)).to.equal(3);
    expect(await as('ann').earn(3)).to.equal(3);
    expect(executed).to.equal(1);
  });

  it('send what they send around a remembered answer, and around one that they give themselves', async () => {
    const noting: CallFilter = async ({ actor, values }, next) => {
      if (actor.key !== 'p') return next();
      await runtime?.actor(Purse, 'notes').$deliver.earn(1);
      runtime?.actor(Purse, 'notes').$send.earn(10);
      return values['own'] ?? next();
    };
    const node = await start(noting);
    const purse = node.actor(Purse, 'p').$with({ idempotencyKey: 'one' });
    const noted = async (amount: number): Promise<void> => {
      for (let waited = 0; waited < 2_000; waited += 5) {
        if ((await runtime?.actor(Purse, 'notes').amount()) === amount) return;
        await new Promise((wake) => setTimeout(wake, 5));
      }
      expect(await runtime?.actor(Purse, 'notes').amount()).to.equal(amount);
    };
    expect(await purse.earn(3)).to.equal(3);
    await noted(11);
    expect(await purse.earn(3)).to.equal(3);
    await noted(22);
    expect(await purse.$with({ context: { own: 7 } }).earn(3)).to.equal(7);
    await noted(33);
  });

  it('leave nothing under the key of a call that they reject, though they have called others', async () => {
    const asking: CallFilter = async ({ actor, values }, next) => {
      if (actor.key !== 'p') return next();
      await runtime?.actor(Purse, 'notes').$deliver.earn(1);
      await runtime?.actor(Purse, 'notes').amount();
      return annAlone({ actor, values } as Parameters<CallFilter>[0], next);
    };
    const node = await start(asking);
    const as = (user: string) => node.actor(Purse, 'p').$with({ context: { user }, idempotencyKey: 'one' });
    expect(await failing(as('bob').earn(3))).to.have.property('message', 'not for bob');
    expect(await as('ann').earn(3)).to.equal(3);
  });

  it('are told at once when they call the actor whose turn waits for them, by a call that would be repeated', async () => {
    let told: unknown;
    const asking: CallFilter = async ({ actor, method }, next) => {
      if (actor.key === 'p' && method === 'pay') {
        const again = runtime?.actor(Purse, 'p').$with({ idempotencyKey: 'one', timeoutMs: 10_000 }).earn(1);
        told = await failing(again as Promise<number>);
      }
      return next();
    };
    const began = performance.now();
    expect(await failing((await start(asking)).actor(Purse, 'p').pay(0))).to.equal(0);
    expect(told).to.include({ code: 'CALL_DEADLOCK', executed: 'no' });
    expect(performance.now() - began).to.be.lessThan(5_000);
  });

  it('do with a remembered answer, or error, what they do with any, and the handler runs once', async () => {
    const doubling: CallFilter = async (_call, next) => Number(await next()) * 2;
    const purse = (await start(mapping, doubling)).actor(Purse, 'p');
    const first = purse.$with({ idempotencyKey: 'one' });
    expect([await first.earn(3), await first.earn(3)]).to.deep.equal([6, 6]);
    const second = purse.$with({ idempotencyKey: 'two' });
    const refused = { refused: 'not covered' };
    expect([await second.pay(9), await second.pay(9)]).to.deep.equal([refused, refused]);
    expect(executed).to.equal(2);
    expect(await purse.amount()).to.equal(6);
  });

  it('say that the call was executed when they fail around its remembered answer', async () => {
    let isBroken = false;
    const breaking: CallFilter = async (_call, next) => {
      if (isBroken) throw new MoonpoolError('INVALID_OPTION', { message: 'broken', executed: 'no' });
      return next();
    };
    const purse = (await start(breaking)).actor(Purse, 'p').$with({ idempotencyKey: 'one' });
    await purse.earn(3);
    isBroken = true;
    const error = await failing(purse.earn(3));
    expect(isMoonpoolError(error, 'HANDLER_FAILED') && error.executed).to.equal('yes');
  });

  it('fail a call that one of them neither lets go on nor answers, so that a message is not lost by that', async () => {
    const node = await start(async ({ method }, next) => (method === 'amount' ? next() : undefined));
    const purse = node.actor(Purse, 'p');
    const error = await failing(purse.earn(3));
    expect(String(error)).to.match(/FILTER_MISUSED.*neither let the call go on nor answered it.*return next\(\)/);
    await purse.$deliver.earn(3);
    const letters: string[] = [];
    for (let waited = 0; letters.length === 0 && waited < 1_000; waited += 10) {
      await new Promise((wake) => setTimeout(wake, 10));
      for await (const { handler } of node.deadLetters()) letters.push(handler);
    }
    expect(letters).to.deep.equal(['earn']);
    expect(await purse.amount()).to.equal(0);
  });
});
