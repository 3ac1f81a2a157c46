import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  Persist,
  type ActorReference,
  type ActorRuntime,
  type ContainerModule,
} from 'moonpool';
import { StateStorage, type CommitOutcome, type StateCommit } from 'moonpool/modules';
import { CommitQueue, type CommitParts } from '../../lib/persistence/commit-queue';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { ClusterFixture, eventually, failureOf } from '../activation/cluster-fixture';

class Sum {
  total = 0;
}

@Actor({ name: 'Till', persist: 'after-turn' })
class Till {
  @Persist(Sum) private readonly sum!: ActorState<Sum>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async add(amount: number): Promise<number> {
    this.sum.value.total += amount;
    return this.sum.value.total;
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
}

/** The engine of somebody who has not read what it must do. */
class CarelessStorage extends MemoryStorage {
  spoiled: ((commit: StateCommit) => unknown) | undefined;
  unreadable: Error | undefined;

  constructor() {
    super(Date.now);
  }

  override commit(commit: StateCommit): Promise<CommitOutcome> {
    return this.spoiled === undefined ? super.commit(commit) : (this.spoiled(commit) as Promise<CommitOutcome>);
  }

  override async answer(actor: string, key: string): Promise<Uint8Array | undefined> {
    if (this.unreadable !== undefined) throw this.unreadable;
    return super.answer(actor, key);
  }
}

/** @returns what is no promise, and throws for all else that it is asked for. */
const hostile: object = new Proxy(
  {},
  { get: (_target, key) => (key === 'then' ? undefined : expect.fail('nobody looks at this')) },
);

describe('An engine that does not keep to its contract', () => {
  let fixture: ClusterFixture;
  let storage: CarelessStorage;
  let node: ActorRuntime;
  let till: ActorReference<Till>;

  beforeEach(async () => {
    fixture = new ClusterFixture([Till]);
    storage = new CarelessStorage();
    const careless: ContainerModule = { name: 'careless', load: (bind) => bind(StateStorage).toValue(storage) };
    node = await fixture.node('n1', { modules: fixture.with(careless) });
    till = node.actor(Till, 't');
    expect(await till.add(1)).to.equal(1);
  });
  afterEach(() => fixture.shutdown());

  for (const [what, spoiled] of [
    ['throws at once', () => expect.fail('the disk is gone')],
    ['answers at once', () => ({ kind: 'accepted', version: 2 })],
    ['answers nothing', async () => undefined],
    ['answers what is no outcome', async () => ({ kind: 'done', version: 2 })],
    ['answers without the version', async () => ({ kind: 'accepted' })],
    ['answers what throws when it is looked at', async () => hostile],
  ] as const)
    it(`and ${what} where it is to commit, keeps nobody waiting: the call fails, and the next one begins with what is stored`, async () => {
      storage.spoiled = spoiled;
      const error = await failureOf(till.$with({ timeoutMs: 1_000 }).add(10));
      expect(error).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
      storage.spoiled = undefined;
      expect(await till.add(100)).to.equal(101);
    });

  it('and fails where it is to find an answer, is not taken for the handler', async () => {
    const call = till.$with({ idempotencyKey: 'k' });
    expect(await call.add(1)).to.equal(2);
    await till.leave();
    await eventually(() => node.inspect().activations?.count === 0);
    storage.unreadable = new TypeError('no such table');
    const error = await failureOf(call.$with({ timeoutMs: 50 }).add(1));
    expect(error).to.include({ code: 'STORAGE_UNAVAILABLE' });
    storage.unreadable = undefined;
    expect(await call.add(1)).to.equal(2);
  });
});

describe('Commits of which one was refused', () => {
  it('are at an end: those that wait fail with it, and there is nothing more to wait for', async () => {
    let refuse: (outcome: CommitOutcome) => void = () => undefined;
    const owner = { actor: 'a', activation: 'x', isEmpty: false, record: () => Uint8Array.of(1) };
    const queue = new CommitQueue({ ...owner, onWritten: () => undefined, onFailed: () => undefined }, {
      storage: { commit: () => new Promise((resolve) => (refuse = resolve)) },
      ...{ time: { now: () => 0 }, buggify: { strikes: () => false }, events: { enabled: false } },
      counters: { refused: { value: 0 }, writeTime: { record: () => undefined } },
      mayWrite: () => true,
    } as unknown as CommitParts);
    const writes = [queue.add({ states: ['s'] }), queue.add({ states: ['s'] })];
    refuse({ kind: 'fenced', epoch: 2 });
    for (const write of writes) expect(await failureOf(write)).to.include({ code: 'STATE_FENCED', executed: 'maybe' });
    expect(queue.pending).to.equal(undefined);
    expect(await failureOf(queue.add({ states: ['s'] }))).to.equal(queue.failure);
  });
});
