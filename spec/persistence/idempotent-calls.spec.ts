import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  AlwaysInterleave,
  Handler,
  MoonpoolError,
  Persist,
  Reentrant,
  inject,
  isMoonpoolError,
  memory,
  namedStorage,
  type ActorRuntime,
  type ActorState,
} from 'moonpool';
import { ClusterFixture, codeOf, eventually, Gates, pause } from '../activation/cluster-fixture';
import { HeldStorage } from './held-storage';

class Till {
  amount = 0;
  note = '';
}

let executed = 0;
/** What a handler was given, each time. */
const seen: number[][] = [];
let gates = new Gates();

@Actor({ name: 'Account', persist: 'after-turn' })
class Account {
  @Persist(Till) private readonly till!: ActorState<Till>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async deposit(amount: number): Promise<{ balance: number }> {
    executed++;
    if (amount < 0) throw new RangeError('no deposit is below nothing');
    this.till.value.amount += amount;
    return { balance: this.till.value.amount };
  }

  @Handler() async plain(amount: number): Promise<number> {
    executed++;
    return (this.till.value.amount += amount);
  }

  @Handler() async fragile(): Promise<number> {
    executed++;
    this.till.value.amount++;
    if (executed === 1) throw new MoonpoolError('NODE_OVERLOADED', { message: 'not now' });
    return this.till.value.amount;
  }

  @Handler({ idempotent: true }) async broken(): Promise<void> {
    executed++;
    this.till.value.amount++;
    await this.context.actor(Account, 'other').balance();
    throw new MoonpoolError('NODE_OVERLOADED', { message: 'not now' });
  }

  /** Changes what it was given, in place. */
  @Handler({ idempotent: true }) async largestFirst(amounts: number[], fails: boolean): Promise<number[]> {
    executed++;
    seen.push([...amounts]);
    amounts.sort((a, b) => b - a);
    this.till.value.amount++;
    if (fails && executed === 1) throw new MoonpoolError('NODE_OVERLOADED', { message: 'not now' });
    return amounts;
  }

  /** Ends with a state that is too large, when its caller has given it up; later with one that is not. */
  @Handler() async overfill(): Promise<string> {
    const { signal } = this.context;
    const isFirst = ++executed === 1;
    this.till.value.note = isFirst ? 'x'.repeat(20_000) : 'small';
    if (isFirst) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return this.till.value.note;
  }

  /** Leaves a write behind that nobody waits for. */
  @Handler({ idempotent: true }) async leave(): Promise<string> {
    executed++;
    void gates.wait('left').then(() => this.till.persist());
    return 'left';
  }

  @Handler({ readOnly: true }) async balance(): Promise<number> {
    return this.till.value.amount;
  }
}

@Actor({ name: 'Explicit' })
class Explicit {
  @Persist(Till) private readonly till!: ActorState<Till>;

  @Handler({ idempotent: true }) async deposit(amount: number): Promise<number> {
    executed++;
    this.till.value.amount += amount;
    await this.till.persist();
    return this.till.value.amount;
  }
}

/** Changes more than it has written, where it fails the first time. */
@Actor({ name: 'Hasty' })
class Hasty {
  @Persist(Till) private readonly till!: ActorState<Till>;
  @Persist(Till, { storage: 'archive' }) private readonly archived!: ActorState<Till>;

  @Handler({ idempotent: true }) async deposit(amount: number): Promise<number[]> {
    executed++;
    this.till.value.amount += amount;
    this.archived.value.amount += amount;
    if (executed === 1) throw new MoonpoolError('NODE_OVERLOADED', { message: 'not now' });
    await Promise.all([this.till.persist(), this.archived.persist()]);
    return [this.till.value.amount, this.archived.value.amount];
  }
  @Handler() async refuse(amount: number): Promise<void> {
    this.till.value.amount += amount;
    if (++executed === 1) throw new Error('no');
    await this.till.persist();
  }
  @Handler() async note(note: string): Promise<string> {
    this.till.value.note ||= note;
    return `${this.till.value.note} ${this.till.value.amount}`;
  }
}

@Actor({ name: 'Crowd' })
class Crowd {
  @Persist(Till) private readonly till!: ActorState<Till>;

  @AlwaysInterleave() @Handler() async pay(amount: number): Promise<number> {
    executed++;
    await gates.wait('pay');
    this.till.value.amount += amount;
    await this.till.persist();
    return this.till.value.amount;
  }
}

/** Calls another of its kind, which calls it back. */
@Reentrant('call-chain')
@Actor({ name: 'Echo' })
class Echo {
  @Persist(Till) private readonly till!: ActorState<Till>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async ask(idempotencyKey: string, question: number): Promise<string> {
    this.till.value.amount++;
    const { key } = this.context;
    try {
      return await this.context.actor(Echo, 'b').back(key, idempotencyKey, question);
    } catch (error) {
      return firstCode(error);
    }
  }
  @Handler() async back(to: string, idempotencyKey: string, question: number): Promise<string> {
    return this.context
      .actor(Echo, to)
      .$with({ idempotencyKey })
      .ask(idempotencyKey, Math.max(0, question - 1));
  }
}

/** The same, of handlers that nobody lets in. */
@Actor({ name: 'Circle', persist: 'after-turn' })
class Circle {
  @Persist(Till) private readonly till!: ActorState<Till>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async ask(): Promise<string> {
    try {
      return await this.context.actor(Circle, 'b').back(this.context.key);
    } catch (error) {
      return firstCode(error);
    }
  }
  @Handler({ idempotent: true }) async back(to: string): Promise<string> {
    executed++;
    this.till.value.amount++;
    return this.context.actor(Circle, to).ask();
  }
}

function firstCode(error: unknown): string {
  if (!isMoonpoolError(error)) throw error;
  return isMoonpoolError(error.cause) ? firstCode(error.cause) : error.code;
}

@Actor({ name: 'Forgetful' })
class Forgetful {
  @Handler() async go(): Promise<void> {}
}

describe('A call with an idempotency key', () => {
  let storage: HeldStorage;
  let fixture: ClusterFixture;
  let node: ActorRuntime;
  const again = async (name: string): Promise<void> => {
    await fixture.shutdown();
    node = await fixture.node(name, { modules: fixture.with(storage.module, namedStorage('archive', memory())) });
  };

  beforeEach(async () => {
    executed = 0;
    seen.length = 0;
    gates = new Gates();
    storage = new HeldStorage();
    fixture = new ClusterFixture([Account, Explicit, Hasty, Crowd, Echo, Circle, Forgetful]);
    node = await fixture.node('n1', {
      modules: fixture.with(storage.module, namedStorage('archive', memory())),
      deliveries: { retryMinMs: 10, pollMs: 10, graceMs: 10 },
      persistence: { keptAnswers: 5, answerWindowMs: 60_000, maxStateBytes: 10_000 },
      activation: { deadlockAfterMs: 20 },
    });
  });
  afterEach(() => fixture.shutdown());

  const keyed = (idempotencyKey: string, key = 'a') => node.actor(Account, key).$with({ idempotencyKey });

  it('is executed once, and all who make it get the same answer, each its own', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => keyed('k').deposit(5)));
    expect(answers).to.deep.equal([{ balance: 5 }, { balance: 5 }, { balance: 5 }]);
    expect(answers[0]).to.not.equal(answers[1]);
    expect([executed, await node.actor(Account, 'a').balance()]).to.deep.equal([1, 5]);
  });

  it('is executed once by whichever activation, also after the node has ended', async () => {
    await keyed('k').deposit(5);
    await again('n2');
    expect(await keyed('k').deposit(5)).to.deep.equal({ balance: 5 });
    expect([executed, await node.actor(Account, 'a').balance()]).to.deep.equal([1, 5]);
  });

  it('is another one for another key, and for another actor', async () => {
    await keyed('k').deposit(5);
    expect([await keyed('l').deposit(5), await keyed('k', 'b').deposit(5)]).to.deep.equal([
      { balance: 10 },
      { balance: 5 },
    ]);
  });

  it('may be of any handler of an actor that has state', async () => {
    expect([await keyed('k').plain(5), await keyed('k').plain(5)]).to.deep.equal([5, 5]);
  });

  it('gets the error that its handler threw, again and again', async () => {
    const reasons = await Promise.all(
      [1, 2].map(() =>
        keyed('k')
          .deposit(-1)
          .catch((error: Error) => `${error.name}: ${error.message}`),
      ),
    );
    expect(reasons).to.deep.equal(Array.from({ length: 2 }, () => 'RangeError: no deposit is below nothing'));
    expect(executed).to.equal(1);
  });

  it('is executed again when nothing came of it and it may succeed a moment later', async () => {
    expect(await keyed('k').fragile()).to.equal(1);
    expect([executed, await node.actor(Account, 'a').balance()]).to.deep.equal([2, 1]);
  });

  it('is refused when other arguments, or another handler, were called under the key', async () => {
    await keyed('k').deposit(5);
    expect(await codeOf(keyed('k').deposit(6))).to.equal('IDEMPOTENCY_KEY_REUSED');
    expect(await codeOf(keyed('k').plain(5))).to.equal('IDEMPOTENCY_KEY_REUSED');
    expect(await node.actor(Account, 'a').balance()).to.equal(5);
  });

  it('is known by its arguments as they came, though its handler has changed them in place', async () => {
    const call = () => keyed('k').largestFirst([1, 3, 2], false);
    expect([await call(), await call(), executed]).to.deep.equal([[3, 2, 1], [3, 2, 1], 1]);
  });

  it('that is executed again is given its arguments as they came', async () => {
    expect(await keyed('k').largestFirst([1, 3, 2], true)).to.deep.equal([3, 2, 1]);
    const asGiven = [1, 3, 2];
    expect(seen).to.deep.equal([asGiven, asGiven]);
  });

  it('keeps its answer when code that its turn has left behind writes something', async () => {
    expect(await keyed('k').leave()).to.equal('left');
    await gates.open('left');
    await pause(20);
    expect([await keyed('k').leave(), executed]).to.deep.equal(['left', 1]);
  });

  it('is executed again when what it came to could not be written, and its caller had given it up', async () => {
    const signal = new AbortController();
    const first = codeOf(keyed('k').$with({ signal: signal.signal }).overfill());
    await eventually(() => executed === 1);
    signal.abort();
    expect(await first).to.equal('CALL_CANCELLED');
    expect([await keyed('k').overfill(), executed]).to.deep.equal(['small', 2]);
  });

  it('is not executed a second time when it was executed in part', async () => {
    expect(await codeOf(keyed('k').broken())).to.equal('IDEMPOTENT_CALL_BROKEN');
    expect([executed, await node.actor(Account, 'a').balance()]).to.deep.equal([1, 1]);
  });

  it('is repeated when the answer of the store is lost and the activation ends, and has one effect', async () => {
    await keyed('first').deposit(1);
    let lost = 0;
    storage.after = () => {
      if (lost++ < 5) throw new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'silence', executed: 'maybe' });
    };
    expect(await keyed('k').deposit(5)).to.deep.equal({ balance: 6 });
    expect(await node.actor(Account, 'a').balance()).to.equal(6);
  });

  it('needs no key where the handler is idempotent: each call is repeated under one of its own', async () => {
    const account = node.actor(Account, 'a');
    let fails = 2;
    storage.before = async ({ actor }) => {
      // Another activation has claimed it, so that this one ends.
      if (fails-- > 0) await storage.claim(actor);
    };
    expect(await account.deposit(5)).to.deep.equal({ balance: 5 });
    expect(await account.deposit(5)).to.deep.equal({ balance: 10 });
  });

  it('is remembered as long as it is among the last, and within the window', async () => {
    for (let number = 0; number < 7; number++) await keyed(`k${number}`).deposit(1);
    executed = 0;
    for (const number of [6, 5, 4, 3, 2]) await keyed(`k${number}`).deposit(1);
    expect(executed).to.equal(0);
    await keyed('k0').deposit(1);
    expect(executed).to.equal(1);
  });

  it('is executed once where the handler persists by itself, and refused when it ended before its answer', async () => {
    const explicit = node.actor(Explicit, 'a').$with({ idempotencyKey: 'k' });
    expect([await explicit.deposit(5), await explicit.deposit(5), executed]).to.deep.equal([5, 5, 1]);
    let commits = 0;
    const late = node.actor(Explicit, 'a').$with({ idempotencyKey: 'l' });
    storage.before = async ({ actor }) => {
      if (++commits === 2) await storage.claim(actor);
    };
    expect(await codeOf(late.deposit(5))).to.equal('IDEMPOTENT_CALL_BROKEN');
    expect(await node.actor(Explicit, 'a').deposit(1)).to.equal(11);
  });

  it('finds what it had changed and not written as it was, when it is executed again', async () => {
    const hasty = node.actor(Hasty, 'h');
    await hasty.note('kept in memory');
    expect([await hasty.deposit(5), executed]).to.deep.equal([[5, 5], 2]);
    expect(await hasty.note('')).to.equal('kept in memory 5');
    executed = 0;
    await hasty.$deliver.refuse(2);
    await eventually(() => executed === 2);
    expect(await hasty.note('')).to.equal('kept in memory 7');
  });

  it('is executed once where turns overlap, though it is made again while it is executed', async () => {
    const crowd = node.actor(Crowd, 'c').$with({ idempotencyKey: 'k' });
    const payments = [crowd.pay(5), crowd.pay(5)];
    await gates.reached('pay');
    await pause(10);
    expect(executed).to.equal(1);
    gates.openAll();
    expect([...(await Promise.all(payments)), executed]).to.deep.equal([5, 5, 1]);
  });

  it('is refused at once while another call is executed under its key, which may wait for it', async () => {
    const crowd = node.actor(Crowd, 'c').$with({ idempotencyKey: 'k' });
    const payment = crowd.pay(5);
    await gates.reached('pay');
    expect(await codeOf(crowd.pay(6))).to.equal('IDEMPOTENCY_KEY_REUSED');
    gates.openAll();
    expect(await payment).to.equal(5);
    const echo = node.actor(Echo, 'a');
    expect(await echo.$with({ idempotencyKey: 'k' }).ask('k', 1)).to.equal('IDEMPOTENCY_KEY_REUSED');
  });

  it('is refused when it would wait for itself, executed under the same key', async () => {
    const echo = node.actor(Echo, 'a');
    const asked = await echo.$with({ idempotencyKey: 'k' }).ask('k', 0);
    expect(asked).to.equal('CALL_DEADLOCK');
  });

  it('is not repeated by a turn for which it would wait', async () => {
    const began = performance.now();
    expect(await node.actor(Circle, 'a').ask()).to.equal('CALL_DEADLOCK');
    expect(executed).to.equal(1);
    expect(performance.now() - began).to.be.lessThan(5_000);
  });

  it('is refused by an actor that has nothing durable', async () => {
    const error = await node.actor(Forgetful, 'a').$with({ idempotencyKey: 'k' }).go().catch(String);
    expect(error).to.contain('NOT_IDEMPOTENT: The call go of spec/Forgetful/a has an idempotency key');
  });
});

describe('An idempotent handler', () => {
  it('is one of an actor that has state', async () => {
    @Actor({ name: 'Bare' })
    class Bare {
      @Handler({ idempotent: true }) async go(): Promise<void> {}
    }
    const error = await new ClusterFixture([Bare]).node().catch(String);
    expect(error).to.contain(
      "Bare has an idempotent handler 'go' and no state: an answer can be remembered only where something is durable",
    );
  });
});
