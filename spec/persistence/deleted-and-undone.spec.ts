import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  inject,
  Journal,
  JournalEvent,
  MoonpoolError,
  Persist,
  unchecked,
  type ActorJournal,
  type ActorRuntime,
  type ActorState,
} from 'moonpool';
import { ClusterFixture, codeOf, eventually, failureOf, pause } from '../activation/cluster-fixture';
import { HeldStorage } from './held-storage';

class Box {
  n = 0;
}
@JournalEvent('added')
class Added {
  constructor(readonly n = 0) {}
}
class Sum {
  total = 0;
  callback: unknown = undefined;
  apply({ n }: Added): void {
    this.total += n;
    // What cannot be stored, and what fails when a part of it is done.
    if (n === 13) this.callback = () => 0;
    if (n < 0) throw new RangeError('no event is below nothing');
  }
}

let runs = 0;
let left: Promise<unknown> = Promise.resolve();

@Actor({ name: 'Gated', persist: 'after-turn' })
class Gated {
  @Persist(Box) private readonly one!: ActorState<Box>;
  @Persist(Box) private readonly other!: ActorState<Box>;
  @Journal(Sum, { events: [Added], snapshotEvery: 2 }) private readonly sum!: ActorJournal<Sum>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async set(n: number): Promise<void> {
    this.one.value.n = n;
    this.other.value.n = n;
  }
  @Handler() async add(n: number): Promise<number> {
    this.one.value.n += n;
    this.sum.emit(new Added(n));
    return this.sum.value.total;
  }
  /** Goes on after an event that could not be applied. */
  @Handler() async addAsFarAsPossible(numbers: number[]): Promise<void> {
    for (const n of numbers)
      try {
        this.sum.emit(new Added(n));
      } catch {
        // The others count.
      }
  }
  @Handler({ idempotent: true }) async end(): Promise<number> {
    runs++;
    await this.context.destroy();
    return runs;
  }
  /** Waits for nothing. */
  @Handler({ idempotent: true }) async endUnheeded(): Promise<number> {
    void this.context.destroy();
    return ++runs;
  }
  @Handler() async endAndPersist(n: number): Promise<void> {
    await this.context.destroy();
    this.one.value.n = n;
    await this.one.persist();
    this.sum.emit(new Added(n));
  }
  @Handler() async endAndClear(): Promise<void> {
    await this.context.destroy();
    await this.one.clear();
  }
  @Handler({ readOnly: true }) async look(): Promise<number[]> {
    return [this.one.value.n, this.other.value.n, this.sum.value.total, this.sum.lastNumber];
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
}

@Actor({ name: 'Explicit' })
class Explicit {
  @Persist(Box) private readonly one!: ActorState<Box>;
  @Persist(Box) private readonly other!: ActorState<Box>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async set(n: number): Promise<void> {
    this.one.value.n = n;
    this.other.value.n = n;
    await Promise.all([this.one.persist(), this.other.persist()]);
  }
  @Handler() async endAndPersist(n: number): Promise<void> {
    await this.context.destroy();
    this.one.value.n = n;
    await this.one.persist();
  }
  @Handler({ idempotent: true }) async end(): Promise<number> {
    runs++;
    await this.context.destroy();
    return runs;
  }
  @Handler({ idempotent: true }) async endUnheeded(): Promise<number> {
    void this.context.destroy();
    return ++runs;
  }
  async onDeactivate(): Promise<void> {
    if (this.one.value.n === 99) void this.context.destroy();
  }
  /** Its answer does not wait for what it has begun. */
  @Handler({ idempotent: true }) async leaveBehind(n: number): Promise<number> {
    runs++;
    left = pause(5).then(() => {
      this.one.value.n = n;
      return this.one.persist();
    });
    return n;
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
  @Handler({ readOnly: true }) async look(): Promise<unknown[]> {
    return [this.one.exists, this.one.value.n, this.other.exists, this.other.value.n];
  }
}

@Actor({ name: 'Till', persist: 'after-turn' })
class Till {
  @Persist(Box) private readonly box!: ActorState<Box>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  /** Fails with an error that says of another call that it was not executed. */
  @Handler({ idempotent: true }) async pay(): Promise<void> {
    this.box.value.n++;
    runs++;
    throw new MoonpoolError('UNKNOWN_ACTOR', { message: 'Nobody hosts the shipper', executed: 'no' });
  }
  /** Waits, and gives up when its caller does. */
  @Handler() async payLate(): Promise<number> {
    runs++;
    if (runs === 1) await setTimeout(10_000, undefined, { signal: this.context.signal });
    return ++this.box.value.n;
  }
  @Handler({ idempotent: true, accepts: [unchecked] }) async keep(given: unknown): Promise<number> {
    (given as { callback: unknown }).callback = () => 0;
    return ++this.box.value.n;
  }
}

describe('A turn that ends otherwise than it began', () => {
  let cluster: ClusterFixture;
  let node: ActorRuntime;
  const again = async (actor: { leave(): Promise<void> }): Promise<void> => {
    await actor.leave();
    await pause(5);
  };

  beforeEach(async () => {
    runs = 0;
    cluster = new ClusterFixture([Gated, Explicit, Till]);
    node = await cluster.node('n1');
  });
  afterEach(() => cluster.shutdown());

  it('leaves nothing of an actor that it deletes but what it writes afterwards', async () => {
    const gated = node.actor(Gated, 'a');
    await gated.set(5);
    await gated.add(1);
    await gated.endAndPersist(7);
    for (let activation = 0; activation < 2; activation++) {
      expect(await gated.look()).to.deep.equal([7, 0, 7, 1]);
      await again(gated);
    }
    const explicit = node.actor(Explicit, 'a');
    await explicit.set(5);
    await explicit.endAndPersist(7);
    expect(await explicit.look()).to.deep.equal([true, 7, false, 0]);
  });

  it('leaves a journal that can be gone on with, when it deletes its actor and clears a state', async () => {
    const gated = node.actor(Gated, 'a');
    await gated.add(1);
    await gated.add(2);
    await Promise.all([gated.endAndClear(), gated.add(5)]);
    for (let activation = 0; activation < 2; activation++) {
      expect(await gated.look()).to.deep.equal([5, 0, 5, 1]);
      await again(gated);
    }
  });

  it('has what it has left behind written while its answer is on the way, and its call is remembered as it was answered', async () => {
    const storage = new HeldStorage();
    const other = await cluster.node('n2', { modules: cluster.with(storage.module), namespace: 'other' });
    const explicit = other.actor(Explicit, 'a');
    const call = () => explicit.$with({ idempotencyKey: 'k' }).leaveBehind(3);
    storage.hold();
    const answer = call();
    await eventually(() => storage.commits.length === 1);
    await pause(10);
    storage.release();
    await left;
    expect(await answer).to.equal(3);
    await again(explicit);
    expect(await explicit.look()).to.deep.equal([true, 3, false, 0]);
    expect([await call(), runs]).to.deep.equal([3, 1]);
  });

  it('has a journal that begins again keep its value as soon as the first one did', async () => {
    const storage = new HeldStorage();
    const other = await cluster.node('n2', { modules: cluster.with(storage.module), namespace: 'other' });
    const gated = other.actor(Gated, 'a');
    for (let count = 0; count < 5; count++) await gated.add(1);
    // The activation that has deleted its actor goes on with what waits for it.
    await Promise.all([gated.end(), gated.add(1), gated.add(1)]);
    const snapshots = storage.commits.flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot.upTo]));
    expect(snapshots).to.deep.equal([2, 4, 2]);
  });

  it('deletes its actor before it is answered, though its handler has not waited for that', async () => {
    for (const actor of [node.actor(Gated, 'a'), node.actor(Explicit, 'a')]) {
      runs = 0;
      await actor.set(5);
      const end = () => actor.$with({ idempotencyKey: 'k' }).endUnheeded();
      expect(await end()).to.equal(1);
      expect((await actor.look()).filter((part) => part !== false && part !== 0)).to.deep.equal([]);
      expect([await end(), runs]).to.deep.equal([1, 1]);
    }
    const explicit = node.actor(Explicit, 'hook');
    await explicit.set(99);
    await again(explicit);
    expect(await explicit.look()).to.deep.equal([false, 0, false, 0]);
  });

  it('fails when its actor cannot be deleted, though its handler has not waited for that', async () => {
    const storage = new HeldStorage();
    const other = await cluster.node('n2', { modules: cluster.with(storage.module), namespace: 'other' });
    const gated = other.actor(Gated, 'a');
    await gated.set(5);
    storage.deliveries = () => Promise.reject(new MoonpoolError('STORAGE_CORRUPT', { message: 'rubbish' }));
    expect(await codeOf(gated.endUnheeded())).to.equal('HANDLER_FAILED');
    expect(await gated.look()).to.deep.equal([5, 5, 0, 0]);
  });

  it('deletes its actor once for all who call under one key', async () => {
    for (const actor of [node.actor(Gated, 'a'), node.actor(Explicit, 'a')]) {
      runs = 0;
      await actor.set(5);
      const ends = () => actor.$with({ idempotencyKey: 'k' }).end();
      expect([...(await Promise.all([ends(), ends(), ends()])), await ends()]).to.deep.equal([1, 1, 1, 1]);
    }
  });

  it('leaves no answer of an actor that it deletes to those who wait behind it', async () => {
    const gated = node.actor(Gated, 'a');
    const once = gated.$with({ idempotencyKey: 'k' });
    await once.add(1);
    expect(await Promise.all([gated.end(), once.add(1)])).to.deep.equal([1, 1]);
    expect(await gated.look()).to.deep.equal([1, 0, 1, 1]);
  });

  it('is undone as a whole when what it gives a journal cannot be stored', async () => {
    const gated = node.actor(Gated, 'a');
    await gated.add(1);
    expect(await codeOf(gated.add(13))).to.equal('HANDLER_FAILED');
    expect(await gated.look()).to.deep.equal([1, 0, 1, 1]);
    await gated.add(100);
    await again(gated);
    expect(await gated.look()).to.deep.equal([101, 0, 101, 2]);
  });

  it('is undone as a whole when an event fails half-way', async () => {
    const gated = node.actor(Gated, 'a');
    await gated.add(10);
    expect(await failureOf(gated.add(-3))).to.be.instanceOf(RangeError);
    expect(await gated.look()).to.deep.equal([10, 0, 10, 1]);
  });

  it('keeps what its other events have made of a journal, when one fails and it goes on', async () => {
    const gated = node.actor(Gated, 'a');
    await gated.addAsFarAsPossible([1, 2, -50, 3]);
    expect(await gated.look()).to.deep.equal([0, 0, 6, 3]);
    await again(gated);
    expect(await gated.look()).to.deep.equal([0, 0, 6, 3]);
  });

  it('is told to all who repeat its call as it was told first: that it was executed', async () => {
    const pay = () => failureOf(node.actor(Till, 't').$with({ idempotencyKey: 'k' }).pay());
    const errors = [await pay(), await pay()] as unknown as readonly MoonpoolError[];
    for (const error of errors) expect(error).to.include({ code: 'HANDLER_FAILED', executed: 'yes' });
    expect(errors[1]?.message).to.equal(errors[0]?.message);
    expect(runs).to.equal(1);
  });

  it('is executed again under its key when it gave up with its caller', async () => {
    const till = node.actor(Till, 't').$with({ idempotencyKey: 'k' });
    expect(await codeOf(till.$with({ timeoutMs: 300 }).payLate())).to.equal('CALL_TIMEOUT');
    expect([await till.payLate(), await till.payLate(), runs]).to.deep.equal([1, 1, 2]);
  });

  it('ends though it leaves in its arguments what cannot be carried', async () => {
    const till = node.actor(Till, 't').$with({ idempotencyKey: 'k' });
    expect([await till.keep({}), await till.keep({})]).to.deep.equal([1, 1]);
  });
});
