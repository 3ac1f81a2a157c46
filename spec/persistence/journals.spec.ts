import { expect } from 'chai';
import {
  Actor,
  Handler,
  Journal,
  JournalEvent,
  Persist,
  type ActorJournal,
  type ActorRuntime,
  type ActorState,
  type JournalEntry,
} from 'moonpool';
import { ClusterFixture } from '../activation/cluster-fixture';
import { HeldStorage } from './held-storage';

@JournalEvent('deposited')
class Deposited {
  constructor(readonly amount = 0) {}
}

@JournalEvent({
  name: 'withdrawn',
  version: 2,
  upcast: [({ sum, ...rest }) => ({ ...rest, amount: sum })],
})
class Withdrawn {
  constructor(readonly amount = 0) {}
}

class Other {}

class Balance {
  amount = 0;
  events = 0;

  apply(event: Deposited | Withdrawn): void {
    if (event instanceof Withdrawn && event.amount > this.amount) throw new RangeError('more than there is');
    this.amount += event instanceof Deposited ? event.amount : -event.amount;
    this.events++;
  }
}

class Notes {
  last = '';
}

@Actor({ name: 'Account', persist: 'after-turn' })
class Account {
  @Journal(Balance, { events: [Deposited, Withdrawn], snapshotEvery: 10 })
  private readonly balance!: ActorJournal<Balance>;
  @Persist(Notes) private readonly notes!: ActorState<Notes>;

  @Handler() async deposit(...amounts: number[]): Promise<number> {
    for (const amount of amounts) this.balance.emit(new Deposited(amount));
    this.notes.value.last = `${amounts.length} deposits`;
    return this.balance.value.amount;
  }

  @Handler() async withdraw(amount: number): Promise<number> {
    this.balance.emit(new Withdrawn(amount));
    return this.balance.value.amount;
  }

  @Handler() async fail(): Promise<void> {
    this.balance.emit(new Deposited(1_000));
    throw new Error('on purpose');
  }

  @Handler() async emitOther(): Promise<void> {
    this.balance.emit(new Other());
  }

  @Handler({ readOnly: true }) async read(): Promise<number[]> {
    return [this.balance.value.amount, this.balance.value.events, this.balance.lastNumber];
  }

  @Handler({ readOnly: true }) async history(from?: number): Promise<string[]> {
    const lines: string[] = [];
    for await (const { number, event, at } of this.balance.history(from)) {
      if (!(at instanceof Date)) throw new Error('no date');
      lines.push(`${number} ${event.constructor.name} ${(event as Deposited).amount}`);
    }
    return lines;
  }
}

describe('A journal of an actor', () => {
  let storage: HeldStorage;
  let fixture: ClusterFixture;
  let node: ActorRuntime;
  const start = async (name: string): Promise<void> => {
    await fixture.shutdown();
    node = await fixture.node(name, { modules: fixture.with(storage.module), activation: { failureHoldMs: 0 } });
  };
  beforeEach(async () => {
    storage = new HeldStorage();
    fixture = new ClusterFixture([Account]);
    await start('n1');
  });
  afterEach(() => fixture.shutdown());

  it('keeps what happened, and is what that has come to, also for the next activation', async () => {
    const account = node.actor(Account, 'a');
    expect([await account.deposit(5, 7), await account.withdraw(2)]).to.deep.equal([12, 10]);
    await start('n2');
    expect(await node.actor(Account, 'a').read()).to.deep.equal([10, 3, 3]);
    expect(await node.actor(Account, 'a').history()).to.deep.equal(['1 Deposited 5', '2 Deposited 7', '3 Withdrawn 2']);
    expect(await node.actor(Account, 'a').history(3)).to.deep.equal(['3 Withdrawn 2']);
  });

  it('is written in one commit with whatever else its turn has changed', async () => {
    await node.actor(Account, 'a').deposit(5, 7);
    expect(storage.commits).to.have.length(1);
    expect(storage.commits[0]?.events).to.have.length(2);
    expect(storage.commits[0]?.data).to.be.an.instanceof(Uint8Array);
  });

  it('has no event of a turn that threw, nor one that its value refused', async () => {
    const account = node.actor(Account, 'a');
    await account.deposit(5);
    expect(await account.fail().catch((error: Error) => error.message)).to.equal('on purpose');
    expect(await account.withdraw(6).catch((error: Error) => error.message)).to.equal('more than there is');
    expect(await account.read()).to.deep.equal([5, 1, 1]);
    await account.deposit(1);
    expect(await account.history()).to.deep.equal(['1 Deposited 5', '2 Deposited 1']);
  });

  it('keeps its value now and then, and is read from there on', async () => {
    for (let count = 0; count < 25; count++) await node.actor(Account, 'a').deposit(1);
    expect(
      storage.commits.filter(({ snapshot }) => snapshot !== undefined).map(({ snapshot }) => snapshot?.upTo),
    ).to.deep.equal([10, 20]);
    const asked: number[] = [];
    const proper = storage.history.bind(storage);
    storage.history = (actor, from, limit) => {
      asked.push(from);
      return proper(actor, from, limit);
    };
    await start('n2');
    expect([await node.actor(Account, 'a').read(), asked]).to.deep.equal([[25, 25, 25], [21]]);
    storage.commits.length = 0;
    for (let count = 0; count < 5; count++) await node.actor(Account, 'a').deposit(1);
    expect(storage.commits.map(({ snapshot }) => snapshot?.upTo)).to.deep.equal([...Array<undefined>(4), 30]);
  });

  it('refuses an event that it does not list', async () => {
    const error = await node
      .actor(Account, 'a')
      .emitOther()
      .catch((thrown: Error) => String(thrown.cause));
    expect(error).to.match(
      /UNKNOWN_EVENT: The journal 'balance' of spec\/Account\/a was given .*Other.*; its events are Deposited, Withdrawn/,
    );
  });

  it('is refused, and left as it is, when an event is missing, spoiled, or that of another', async () => {
    for (let count = 0; count < 3; count++) await node.actor(Account, 'a').deposit(1);
    const proper = storage.history.bind(storage);
    const events = await proper('spec/Account/a', 1, 10);
    const ways = [
      ['STORAGE_CORRUPT', events.filter(({ number }) => number !== 2)],
      ['STORAGE_CORRUPT', events.slice(0, 2)],
      ['STATE_MISPLACED', [{ ...events[1], number: 1 }, ...events.slice(1)]],
      [
        'STORAGE_CORRUPT',
        [{ ...events[0], data: Uint8Array.from(events[0]?.data ?? []).fill(7, 12) }, ...events.slice(1)],
      ],
    ] as const;
    for (const [code, found] of ways) {
      storage.history = async (_actor, from) => (found as typeof events).slice(from - 1);
      await start(`n-${code}`);
      const error = await node
        .actor(Account, 'a')
        .read()
        .catch((thrown: Error) => `${String(thrown)} ${String(thrown.cause)}`);
      expect(error).to.contain(code);
      storage.history = proper;
    }
    await start('n-last');
    expect(await node.actor(Account, 'a').read()).to.deep.equal([3, 3, 3]);
  });

  it('reads events of earlier versions through their upcasts', async () => {
    @JournalEvent('withdrawn')
    class Earlier {
      constructor(readonly sum = 0) {}
    }
    class Sum {
      sum = 0;
      apply(): void {}
    }
    @Actor({ name: 'Account', persist: 'after-turn' })
    class EarlierAccount {
      @Journal(Sum, { events: [Deposited, Earlier], name: 'balance' }) private readonly balance!: ActorJournal<Sum>;
      @Handler() async begin(): Promise<void> {
        this.balance.emit(new Deposited(10));
        this.balance.emit(new Earlier(4));
      }
    }
    const earlier = new ClusterFixture([EarlierAccount]);
    const old = await earlier.node('old', { modules: earlier.with(storage.module) });
    await old.actor(EarlierAccount, 'a').begin();
    await earlier.shutdown();
    expect(await node.actor(Account, 'a').read()).to.deep.equal([6, 2, 2]);
  });

  it('is not taken for spoiled where an upcast or apply fails, which the error names by the event', async () => {
    await node.actor(Account, 'a').deposit(1);
    const failing = { upcast: false, apply: false };
    @JournalEvent({
      name: 'deposited',
      version: 2,
      upcast: [(old) => (failing.upcast ? expect.fail('no rate') : old)],
    })
    class Later {
      constructor(readonly amount = 0) {}
    }
    class Sum {
      amount = 0;
      apply({ amount }: Later): void {
        if (failing.apply) expect.fail('no room');
        this.amount += amount;
      }
    }
    @Actor({ name: 'Account', persist: 'after-turn' })
    class LaterAccount {
      @Journal(Sum, { events: [Later], name: 'balance', version: 2 }) private readonly balance!: ActorJournal<Sum>;
      @Handler({ readOnly: true }) async amount(): Promise<number> {
        return this.balance.value.amount;
      }
    }
    const later = new ClusterFixture([LaterAccount]);
    const read = async (name: string): Promise<unknown> => {
      const at = await later.node(name, { modules: later.with(storage.module) });
      return at
        .actor(LaterAccount, 'a')
        .amount()
        .catch((error: Error) => error.cause)
        .finally(() => at.shutdown());
    };
    for (const [which, why] of [
      ['upcast', 'the upcast from version 1 failed: no rate'],
      ['apply', 'it could not be applied again: no room'],
    ] as const) {
      failing[which] = true;
      const cause = await read(which);
      expect(cause).to.have.property('code', 'STATE_NOT_REBUILT');
      expect(String(cause)).to.contain(`The event 1 of spec/Account/a, 'deposited', cannot be read: ${why}`);
      failing[which] = false;
    }
    expect(await read('well')).to.equal(1);
    await later.shutdown();
  });
});

describe('The value of a journal', () => {
  it('is found to be other than what its events come to, where that is looked at, and undone', async () => {
    @Actor({ name: 'Careless', persist: 'after-turn' })
    class Careless {
      @Journal(Balance, { events: [Deposited] }) private readonly balance!: ActorJournal<Balance>;

      @Handler() async act(deposits: boolean, changes: boolean): Promise<number> {
        if (changes) this.balance.value.amount += 100;
        if (deposits) this.balance.emit(new Deposited(1));
        return this.balance.value.amount;
      }
    }
    const careless = new ClusterFixture([Careless]);
    const node = await careless.node('n1', { persistence: { checksReadOnly: true } });
    const one = node.actor(Careless, 'a');
    expect(await one.act(true, false)).to.equal(1);
    for (const deposits of [true, false])
      expect(await one.act(deposits, true).catch(({ cause }: Error) => cause)).to.include({
        code: 'JOURNAL_VALUE_CHANGED',
      });
    expect(await one.act(true, false)).to.equal(2);
    await careless.shutdown();
  });
});

describe('A class with a journal', () => {
  it('is persisted after its turns, lists events that are marked, and has a value that applies them', async () => {
    class Silent {}
    @Actor({ name: 'Wrong' })
    class Wrong {
      @Journal(Silent, { events: [Other] }) readonly log!: ActorJournal<Silent>;
      @Handler() async go(): Promise<AsyncIterable<JournalEntry> | undefined> {
        return undefined;
      }
    }
    const message = await new ClusterFixture([Wrong]).node().then(() => '', String);
    expect(message).to.contain("Wrong has a journal 'log' whose class Silent has no method apply(event).");
    expect(message).to.contain(
      "Wrong has a journal 'log' that lists Other, which is not marked with @JournalEvent('name').",
    );
    expect(message).to.contain("Wrong has a journal and is not declared with persist: 'after-turn'");
  });
});
