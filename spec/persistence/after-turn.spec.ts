import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  Persist,
  Reentrant,
  Timer,
  inject,
  type ActorRuntime,
  type ActorState,
  type TimerOptions,
} from 'moonpool';
import { ClusterFixture, codeOf, eventually } from '../activation/cluster-fixture';
import { HeldStorage } from './held-storage';

class Count {
  value = 0;
  list: number[] = [];
}

const heard: string[] = [];
const ended: unknown[] = [];

@Actor({ name: 'Ear' })
class Ear {
  @Handler() async hear(what: string): Promise<void> {
    heard.push(what);
  }
}

class Spot {
  plate = '';
}

class Spots {
  free = 2;
  byPlace = new Map<string, Spot>();
}

/** Holds parts of its state elsewhere, as programs do. */
@Actor({ name: 'Garage', persist: 'after-turn' })
class Garage {
  @Persist(Spots) private readonly state!: ActorState<Spots>;
  private spots!: Spots;
  private readonly byPlate = new Map<string, Spot>();

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  onActivate(): void {
    this.spots = this.state.value;
  }

  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }

  @Handler({ readOnly: true }) async plates(): Promise<string> {
    const spots = [...this.spots.byPlace].map(([place, { plate }]) => `${place}: ${plate}`).sort();
    return `${spots.join(', ')}, ${this.spots.free} free`;
  }

  @Handler() async park(place: string, plate: string): Promise<number> {
    const spot = new Spot();
    this.spots.byPlace.set(place, spot);
    this.byPlate.set(plate, spot);
    spot.plate = plate;
    return --this.spots.free;
  }

  @Handler() async repaint(from: string, to: string): Promise<void> {
    const spot = this.byPlate.get(from) as Spot;
    spot.plate = to;
    this.spots.free = 100;
    this.spots.byPlace.delete('a');
    if (to === 'none') throw new RangeError('a car without a plate');
    this.spots.byPlace.set('a', spot);
    this.spots.free = 0;
  }
}

@Actor({ name: 'Counter', persist: 'after-turn' })
class Counter {
  @Persist(Count) private readonly count!: ActorState<Count>;
  @Persist(Count, 'other') private readonly other!: ActorState<Count>;
  readonly turns: string[] = [];

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async add(amount: number): Promise<number> {
    this.count.value.value += amount;
    return this.count.value.value;
  }

  @Handler() async push(item: number): Promise<number[]> {
    this.count.value.list.push(item);
    return this.count.value.list;
  }

  @Handler() async spoil(): Promise<void> {
    this.count.value.value = -1;
    this.other.value.value = -1;
    this.context.actor(Ear, 'a').$send.hear('spoiled');
    throw new RangeError('on purpose');
  }

  @Handler() async tell(what: string): Promise<void> {
    this.count.value.value++;
    this.context.actor(Ear, 'a').$send.hear(`sent ${what}`);
  }

  @Handler() async ask(what: string): Promise<void> {
    this.count.value.value++;
    await this.context.actor(Ear, 'a').hear(`asked ${what}`);
    this.other.value.value++;
  }

  @Handler() async askInVain(signal: string): Promise<void> {
    this.count.value.value++;
    const giveUp = new AbortController();
    const asked = codeOf(this.context.actor(Ear, 'a').$with({ signal: giveUp.signal }).hear(signal));
    giveUp.abort();
    ended.push(await asked);
  }

  @Handler({ readOnly: true }) async read(): Promise<number> {
    return this.count.value.value;
  }

  @Handler() async swell(bytes: number): Promise<void> {
    this.count.value.list = Array.from({ length: bytes / 2 }, () => 1);
  }

  @Handler() async clear(): Promise<boolean> {
    await this.count.clear();
    return this.count.exists;
  }

  @Handler() async exists(): Promise<boolean> {
    return this.count.exists;
  }
}

describe('An actor that is persisted after its turns', () => {
  let storage: HeldStorage;
  let fixture: ClusterFixture;
  let node: ActorRuntime;

  beforeEach(async () => {
    heard.length = 0;
    ended.length = 0;
    storage = new HeldStorage();
    fixture = new ClusterFixture([Counter, Ear, Garage]);
    node = await fixture.node('n1', { modules: fixture.with(storage.module), persistence: { maxStateBytes: 10_000 } });
  });
  afterEach(async () => {
    storage.release();
    await fixture.shutdown();
  });

  it('writes what a turn has changed in one commit, and nothing for a turn that has changed nothing', async () => {
    const counter = node.actor(Counter, 'a');
    expect([await counter.add(2), await counter.add(0), await counter.add(3)]).to.deep.equal([2, 2, 5]);
    expect(storage.commits).to.have.length(2);
    await fixture.shutdown();
    node = await fixture.node('n2', { modules: fixture.with(storage.module) });
    expect(await node.actor(Counter, 'a').read()).to.equal(5);
  });

  it('answers when what its answer speaks of is durable, and goes on meanwhile', async () => {
    const counter = node.actor(Counter, 'a');
    await counter.add(1);
    storage.hold();
    const answers: number[] = [];
    const calls = Array.from({ length: 20 }, async () => answers.push(await counter.add(1)));
    const reading = counter.read().then((value) => answers.push(value));
    await eventually(() => storage.commits.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answers).to.deep.equal([]);
    storage.release();
    await Promise.all([...calls, reading]);
    expect(answers).to.deep.equal([...Array.from({ length: 20 }, (_, index) => index + 2), 21]);
    // What came while the first of them was written went together.
    expect(storage.commits.length).to.be.at.most(4);
  });

  it('answers with what was true at the end of its turn, whatever later turns have changed', async () => {
    const counter = node.actor(Counter, 'a');
    storage.hold();
    const calls = [counter.push(1), counter.push(2), counter.push(3)];
    await eventually(() => storage.commits.length === 1);
    storage.release();
    expect(await Promise.all(calls)).to.deep.equal([[1], [1, 2], [1, 2, 3]]);
  });

  it('is as it was before when a handler throws, and what that one has sent never leaves', async () => {
    const counter = node.actor(Counter, 'a');
    await counter.add(7);
    expect(await counter.spoil().catch((error: Error) => error.message)).to.equal('on purpose');
    expect(await counter.read()).to.equal(7);
    await counter.tell('then');
    await eventually(() => heard.length > 0);
    expect(heard).to.deep.equal(['sent then']);
    expect(storage.commits).to.have.length(2);
  });

  it('has the same objects after a handler has thrown, so that what its actor holds of it elsewhere is not another', async () => {
    const garage = node.actor(Garage, 'g');
    await garage.park('a', 'X 1');
    await garage.repaint('X 1', 'none').catch(() => undefined);
    expect(await garage.park('b', 'X 2')).to.equal(0);
    await garage.repaint('X 1', 'X 3');
    await garage.leave();
    expect(await garage.plates()).to.equal('a: X 3, b: X 2, 0 free');
  });

  it('sends when the commit of the turn is durable, and not before', async () => {
    const counter = node.actor(Counter, 'a');
    storage.hold();
    const told = counter.tell('x');
    await eventually(() => storage.commits.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).to.deep.equal([]);
    storage.release();
    await told;
    await eventually(() => heard.length === 1);
  });

  it('calls others when what it has changed before is durable', async () => {
    const counter = node.actor(Counter, 'a');
    storage.hold();
    const asked = counter.ask('x');
    await eventually(() => storage.commits.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).to.deep.equal([]);
    storage.release();
    await asked;
    expect([heard, storage.commits.length]).to.deep.equal([['asked x'], 2]);
  });

  it('cancels a call that waits for that as any other, and makes it no more', async () => {
    const counter = node.actor(Counter, 'a');
    storage.hold();
    const asked = counter.askInVain('x');
    await eventually(() => ended.length === 1);
    expect([ended, heard]).to.deep.equal([['CALL_CANCELLED'], []]);
    storage.release();
    await asked;
    expect(heard).to.deep.equal([]);
  });

  it('tells all who wait that nothing is known when a commit fails, and begins again from what is stored', async () => {
    const counter = node.actor(Counter, 'a');
    await counter.add(1);
    storage.hold();
    const calls = Array.from({ length: 5 }, () => codeOf(counter.add(1)));
    await eventually(() => storage.commits.length === 2);
    // Another activation has claimed it.
    await storage.claim('spec/Counter/a');
    storage.release();
    expect(await Promise.all(calls)).to.deep.equal(Array.from({ length: 5 }, () => 'STATE_FENCED'));
    expect(await counter.read()).to.equal(1);
  });

  it('refuses a turn that would make its state too large, and undoes it', async () => {
    const counter = node.actor(Counter, 'a');
    await counter.add(1);
    const error = await counter.swell(20_000).catch((thrown: Error) => String(thrown.cause ?? thrown));
    expect(error).to.match(/STATE_TOO_LARGE: The state of spec\/Counter\/a takes 2\d{4} bytes; the limit is 10000/);
    expect([await counter.read(), await counter.add(1)]).to.deep.equal([1, 2]);
  });

  it('has a state that exists once it was written, and that can be cleared', async () => {
    const counter = node.actor(Counter, 'a');
    expect(await counter.exists()).to.equal(false);
    await counter.add(1);
    expect([await counter.exists(), await counter.clear(), await counter.read()]).to.deep.equal([true, false, 0]);
    await fixture.shutdown();
    node = await fixture.node('n2', { modules: fixture.with(storage.module) });
    expect([await node.actor(Counter, 'a').exists(), await node.actor(Counter, 'a').add(1)]).to.deep.equal([false, 1]);
  });
});

class Awkward {
  value: unknown = 0;
}

@Actor({ name: 'Hasty' })
class Hasty {
  @Persist(Awkward) private readonly state!: ActorState<Awkward>;

  @Handler() async spoil(): Promise<void> {
    this.state.value.value = () => undefined;
    // Nobody waits for these.
    void this.state.persist();
    void this.state.persist();
  }

  @Handler() async read(): Promise<boolean> {
    return this.state.exists;
  }
}

describe('A write that fails and that nobody has waited for', () => {
  it('is the answer of its turn, and ends no process', async () => {
    const fixture = new ClusterFixture([Hasty]);
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
    try {
      const hasty = (await fixture.node()).actor(Hasty, 'a');
      expect(await codeOf(hasty.spoil())).to.equal('UNSERIALIZABLE_VALUE');
      expect(await hasty.read()).to.equal(false);
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(unhandled).to.deep.equal([]);
    } finally {
      process.off('unhandledRejection', note);
      for (const listener of others) process.on('unhandledRejection', listener);
      await fixture.shutdown();
    }
  });
});

@Actor({ name: 'Ticker', persist: 'after-turn' })
class Ticker {
  @Persist(Count) private readonly count!: ActorState<Count>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async arm(interleave: boolean): Promise<string> {
    const beat = (): void => {
      this.count.value.value += 100;
      throw new Error('on purpose');
    };
    try {
      this.context.timer(beat, { everyMs: 2, name: 'beat', interleave });
      return 'armed';
    } catch (error) {
      return (error as Error).message;
    }
  }
  @Handler() async slow(): Promise<number> {
    this.count.value.value++;
    await new Promise((resolve) => setTimeout(resolve, 15));
    this.count.value.value++;
    return this.count.value.value;
  }
  @Handler({ readOnly: true }) async read(): Promise<number> {
    return this.count.value.value;
  }
}

describe('A class that is persisted after its turns', () => {
  const start = (type: new (...args: never[]) => object) =>
    new ClusterFixture([type as never]).node().then(
      () => '',
      (error: Error) => error.message,
    );

  it('has state, and turns that do not overlap what they change', async () => {
    @Actor({ name: 'Bare', persist: 'after-turn' })
    class Bare {
      @Handler() async go(): Promise<void> {}
    }
    expect(await start(Bare)).to.contain("Bare is declared with persist: 'after-turn' and has no state");

    @Actor({ name: 'Twisted', persist: 'after-turn', reentrant: true })
    class Twisted {
      @Persist(Count) readonly count!: ActorState<Count>;
      @Handler() async go(): Promise<void> {}
    }
    expect(await start(Twisted)).to.contain("is declared with persist: 'after-turn' and is reentrant");

    @Actor({ name: 'Woven', persist: 'after-turn' })
    class Woven {
      @Persist(Count) readonly count!: ActorState<Count>;
      @Handler({ alwaysInterleave: true }) async go(): Promise<void> {}
    }
    expect(await start(Woven)).to.contain("has the interleaving handler 'go'");

    @Actor({ name: 'Chained', persist: 'after-turn' })
    @Reentrant('call-chain')
    class Chained {
      @Persist(Count) readonly count!: ActorState<Count>;
      @Handler() async go(): Promise<void> {}
    }
    expect(await start(Chained)).to.contain("is declared with persist: 'after-turn' and is reentrant");

    @Actor({ name: 'Ticking', persist: 'after-turn' })
    class Ticking {
      @Persist(Count) readonly count!: ActorState<Count>;
      @Handler() async go(): Promise<void> {}
      @Timer({ everyMs: 10, interleave: true } as TimerOptions) async tick(): Promise<void> {}
    }
    expect(await start(Ticking)).to.contain('no option interleave of @Timer of tick');
  });

  it('has no timers that interleave, whoever starts them', async () => {
    const fixture = new ClusterFixture([Ticker]);
    try {
      const ticker = (await fixture.node()).actor(Ticker, 'a');
      const refused = await ticker.arm(true);
      expect(refused).to.contain(
        "Ticker is declared with persist: 'after-turn' and starts the timer 'beat' with interleave",
      );
      expect(refused).to.match(/^INVALID_OPTION/);
      // Nothing ticks in the midst of a turn, and a tick that throws undoes nothing but its own.
      expect(await ticker.arm(false)).to.equal('armed');
      expect(await ticker.slow()).to.equal(2);
      expect(await ticker.read()).to.equal(2);
    } finally {
      await fixture.shutdown();
    }
  });
});
