import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  Journal,
  JournalEvent,
  Persist,
  inject,
  type ActorJournal,
  type ActorState,
} from 'moonpool';
import { runSimulation, type SimulatedCluster } from 'moonpool/simulation';
import { noteSimulationTest } from '../../lib/metadata/simulation-record';
import { ClusterFixture, failureOf, Gates } from '../activation/cluster-fixture';
import { HeldStorage } from './held-storage';
import { unlisted } from '../scenarios/unlisted';

let gates = new Gates();
let made = 0;

class Count {
  value = 0;
  /** Another one in each new state, so that two new ones are never the same. */
  readonly serial = ++made;
}

@JournalEvent('added')
class Added {
  constructor(readonly amount = 0) {}
}

class Total {
  sum = 0;
  apply({ amount }: Added): void {
    this.sum += amount;
  }
}

@Actor({ name: 'Reader', persist: 'after-turn' })
class Reader {
  @Persist(Count) private readonly count!: ActorState<Count>;
  @Journal(Total, { events: [Added] }) private readonly total!: ActorJournal<Total>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async add(amount: number): Promise<void> {
    this.count.value.value += amount;
  }
  @Handler({ readOnly: true }) async read(): Promise<number[]> {
    return [this.count.value.value, this.total.value.sum];
  }
  @Handler({ readOnly: true }) async wait(): Promise<number> {
    await gates.wait('reader');
    return this.count.value.value;
  }
  @Handler({ readOnly: true }) async cheat(): Promise<number> {
    return ++this.count.value.value;
  }
  @Handler({ readOnly: true }) async cheatAndAsk(): Promise<string> {
    this.count.value.value++;
    return (await failureOf(this.context.actor(Reader, 'other').read())).message;
  }
  @Handler({ readOnly: true }) async persist(): Promise<void> {
    this.count.value.value++;
    await this.count.persist();
  }
  @Handler({ readOnly: true }) async clear(): Promise<void> {
    await this.count.clear();
  }
  @Handler({ readOnly: true }) async emit(): Promise<void> {
    this.total.emit(new Added(5));
  }
  @Handler({ readOnly: true }) async destroy(): Promise<void> {
    await this.context.destroy();
  }
}

@Actor({ name: 'Scribe' })
class Scribe {
  @Persist(Count) private readonly count!: ActorState<Count>;

  @Handler({ readOnly: true }) async look(): Promise<number> {
    this.count.value.value++;
    await this.count.persist();
    return this.count.value.value;
  }
}

class Earlier {
  count = 0;
}

class Later extends Earlier {
  note = 'none';
}

@Actor({ name: 'Kept', persist: 'after-turn' })
class Before {
  @Persist(Earlier) private readonly state!: ActorState<Earlier>;

  @Handler() async set(count: number): Promise<void> {
    this.state.value.count = count;
  }
}

@Actor({ name: 'Kept', persist: 'after-turn' })
class After {
  @Persist(Later, { version: 2, upcast: [(stored) => ({ ...stored, note: 'none' })] })
  private readonly state!: ActorState<Later>;

  @Handler({ readOnly: true }) async look(cheats: boolean): Promise<string> {
    if (cheats) this.state.value.count++;
    return `${this.state.value.count} and ${this.state.value.note}`;
  }
}

describe('A handler that is declared readOnly', () => {
  let fixture: ClusterFixture;
  beforeEach(() => {
    fixture = new ClusterFixture([Reader, Scribe]);
    gates = new Gates();
  });
  afterEach(async () => {
    gates.openAll();
    await fixture.shutdown();
  });
  const node = (checksReadOnly: boolean) => fixture.node('n1', { persistence: { checksReadOnly } });
  const refusal = async (call: Promise<unknown>): Promise<string> => {
    const error = await failureOf(call);
    return `${(error as { code?: string }).code} by ${(error.cause as { code?: string } | undefined)?.code}: ${error.message}`;
  };

  it('and changes a state fails, and the state is as it was, where that is looked at', async () => {
    const reader = (await node(true)).actor(Reader, 'a');
    // Before anything is written, though two new states are never the same.
    expect(await reader.read()).to.deep.equal([0, 0]);
    const found = await refusal(reader.cheat());
    expect(found).to.match(/^HANDLER_FAILED by READ_ONLY_HANDLER/);
    expect(found).to.contain("cheat of spec/Reader/a, which is declared readOnly, ended, and the state 'count'");
    expect(await reader.read()).to.deep.equal([0, 0]);
    await reader.add(3);
    expect(await refusal(reader.cheat())).to.contain('READ_ONLY_HANDLER');
    expect(await reader.read()).to.deep.equal([3, 0]);
  });

  it('and changes a state is found before it asks others too, who would hear of what is not written', async () => {
    const runtime = await node(true);
    expect(await refusal(runtime.actor(Reader, 'a').cheatAndAsk())).to.contain('READ_ONLY_HANDLER');
    expect(await runtime.actor(Reader, 'a').read()).to.deep.equal([0, 0]);
  });

  it('ends no other that is under way beside it and reads what was written', async () => {
    const reader = (await node(true)).actor(Reader, 'a');
    await reader.add(1);
    const waiting = reader.wait();
    await gates.reached('reader');
    expect(await refusal(reader.cheat())).to.contain('READ_ONLY_HANDLER');
    await gates.open('reader');
    expect(await waiting).to.equal(1);
  });

  it('may not write, clear, emit or destroy, whether states are looked at or not', async () => {
    const reader = (await node(false)).actor(Reader, 'a');
    await reader.add(2);
    expect(await refusal(reader.persist())).to.contain(
      "which is declared readOnly, calls persist() of the state 'count'",
    );
    expect(await refusal(reader.clear())).to.contain("calls clear() of the state 'count'");
    expect(await refusal(reader.emit())).to.contain("emits an event of the journal 'total'");
    expect(await refusal(reader.destroy())).to.contain('calls context.destroy()');
    expect(await reader.read()).to.deep.equal([2, 0]);
  });

  it('is not blamed for what an earlier release has stored in another shape', async () => {
    const storage = new HeldStorage();
    const old = new ClusterFixture([Before]);
    await (await old.node('n1', { modules: old.with(storage.module) })).actor(Before, 'a').set(7);
    await old.shutdown();
    const present = new ClusterFixture([After]);
    const modules = present.with(storage.module);
    const after = (await present.node('n2', { modules, persistence: { checksReadOnly: true } })).actor(After, 'a');
    expect(await after.look(false)).to.equal('7 and none');
    expect(await refusal(after.look(true))).to.contain('READ_ONLY_HANDLER');
    expect(await after.look(false)).to.equal('7 and none');
    await present.shutdown();
  });

  it('is not looked at where each write is asked for', async () => {
    expect(await (await node(true)).actor(Scribe, 'a').look()).to.equal(1);
  });

  it('and changes something is found by any simulation', async () => {
    class Cheating {
      static readonly actors = [Reader];
      async reads(cluster: SimulatedCluster): Promise<void> {
        await cluster.client().actor(Reader, 'a').cheat();
      }
    }
    // As its decorator would, without mocha taking it up.
    const options = { nodes: 1, chaos: 'calm' } as const;
    unlisted(() => noteSimulationTest(Cheating, { method: 'reads', seeds: 1, options, isStaticMember: false }));
    const { failures } = await runSimulation(Cheating, { seeds: [1], checkDeterminism: false });
    expect(failures.map(({ error }) => String(error)).join()).to.contain('READ_ONLY_HANDLER');
  });
});
