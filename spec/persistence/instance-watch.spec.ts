import { expect } from 'chai';
import { Type } from 'class-transformer';
import {
  Actor,
  ActorContext,
  Handler,
  inject,
  Journal,
  JournalEvent,
  Persist,
  type ActorJournal,
  type ActorState,
} from 'moonpool';
import { runSimulation, type SimulatedCluster } from 'moonpool/simulation';
import { noteSimulationTest } from '../../lib/metadata/simulation-record';
import { SampledInstanceWatch } from '../../lib/persistence/instance-watch';
import { ClusterFixture, failureOf } from '../activation/cluster-fixture';
import { unlisted } from '../scenarios/unlisted';

class Money {
  constructor(readonly cents = 0) {}
  get euros(): number {
    return this.cents / 100;
  }
}
class Purse {
  @Type(() => Money) coins: Money[] = [];
  notes: Money[] = [];
  found: Money | undefined;
}
@JournalEvent('paid')
class Paid {
  constructor(readonly money: Money | undefined = undefined) {}
}
class Sum {
  last: Money | undefined;
  apply({ money }: Paid): void {
    if (money?.cents === 7) this.last = money;
  }
}

@Actor({ name: 'Keeper', persist: 'after-turn' })
class Keeper {
  @Persist(Purse) private readonly purse!: ActorState<Purse>;
  @Journal(Sum, { events: [Paid] }) private readonly sum!: ActorJournal<Sum>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async coin(cents: number): Promise<void> {
    this.purse.value.coins.push(new Money(cents));
  }
  @Handler() async note(cents: number): Promise<void> {
    this.purse.value.notes.push(new Money(cents));
  }
  @Handler() async find(cents: number): Promise<void> {
    this.purse.value.found = new Money(cents);
  }
  @Handler() async pay(cents: number): Promise<void> {
    this.sum.emit(new Paid(new Money(cents)));
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
  @Handler() async count(): Promise<number> {
    const { coins, notes } = this.purse.value;
    return coins.length + notes.length;
  }
}

describe('An object in a state or an event whose class nothing names', () => {
  let fixture: ClusterFixture;
  beforeEach(() => (fixture = new ClusterFixture([Keeper])));
  afterEach(() => fixture.shutdown());
  const told = (): readonly string[] =>
    fixture.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

  it('is told to the log when it is written first, once for each field of a class', async () => {
    const node = await fixture.node();
    const [ann, bob] = ['ann', 'bob'].map((key) => node.actor(Keeper, key));
    await ann?.coin(1);
    expect(told()).to.deep.equal([]);
    for (const keeper of [ann, bob, ann]) await keeper?.note(1);
    expect(told()).to.deep.equal([
      "The state 'purse' of spec/Keeper/ann holds an object of Money at Purse.notes, which would come back with nothing of its class, and without euros. " +
        'Declare Purse.notes with @Type(() => Money), of class-transformer, or keep plain data there.',
    ]);
    await bob?.find(1);
    await bob?.pay(7);
    expect(told().map((line) => /.* an object of Money at [^,]+/.exec(line)?.[0])).to.deep.equal([
      "The state 'purse' of spec/Keeper/ann holds an object of Money at Purse.notes",
      "The state 'purse' of spec/Keeper/bob holds an object of Money at Purse.found",
      "The journal 'sum' of spec/Keeper/bob holds an object of Money at Paid.money",
      "The journal 'sum' of spec/Keeper/bob holds an object of Money at Sum.last",
    ]);
  });

  it('is refused where each write is looked through, and nothing of its turn is kept', async () => {
    const node = await fixture.node('n1', { persistence: { checksInstances: true } });
    const ann = node.actor(Keeper, 'ann');
    await ann.coin(1);
    const refusal = await failureOf(ann.note(1));
    expect(refusal.cause).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'yes' });
    expect(String(refusal.cause)).to.contain('at Purse.notes').and.to.contain('@Type(() => Money)');
    expect(String((await failureOf(ann.pay(1))).cause)).to.contain('at Paid.money');
    await ann.leave();
    await ann.coin(1);
    expect(await ann.count()).to.equal(2);
    expect(told()).to.deep.equal([]);
  });

  it('is refused in each simulation', async () => {
    class Careless {
      static readonly actors = [Keeper];
      async keeps(cluster: SimulatedCluster): Promise<void> {
        await cluster.client().actor(Keeper, 'ann').note(1);
      }
    }
    // As its decorator would, without mocha taking it up.
    const options = { nodes: 1, chaos: 'calm' } as const;
    unlisted(() => noteSimulationTest(Careless, { method: 'keeps', seeds: 1, options, isStaticMember: false }));
    const { failures } = await runSimulation(Careless, { seeds: [1], checkDeterminism: false });
    expect(failures.map(({ error }) => String(error)).join()).to.contain('at Purse.notes');
  });

  it('is looked for in the first values of a class, then in few, and in those of other classes as before', () => {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const watch = new SampledInstanceWatch({ info: log, warn: log, error: log });
    const look = (value: object, times: number) => {
      const type = value.constructor as typeof Purse;
      for (let time = 0; time < times; time++) if (watch.isDue(type)) watch.look(type, value, 'It');
    };
    look(new Purse(), 64);
    const careless = Object.assign(new Purse(), { notes: [new Money()] });
    look(careless, 191);
    expect(lines).to.have.length(0);
    look(new Paid(new Money()), 1);
    expect(lines).to.have.length(1);
    look(careless, 1_000);
    expect(lines).to.have.length(2);
  });
});
