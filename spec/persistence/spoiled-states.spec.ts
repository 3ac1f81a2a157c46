import { expect } from 'chai';
import {
  Actor,
  ActorRuntime,
  ActorState,
  Handler,
  isMoonpoolError,
  Logger,
  memory,
  MoonpoolError,
  Persist,
  type ContainerModule,
} from 'moonpool';
import { StateStorage, type StateCommit, type StoredState, type CommitOutcome } from 'moonpool/modules';
import { MemoryStorage } from '../../lib/storage/memory-storage';

class Savings {
  amount = 0;
}

@Actor({ name: 'Purse', idleTimeoutMs: 1 })
class Purse {
  @Persist(Savings) private readonly savings!: ActorState<Savings>;
  @Handler() async put(amount: number): Promise<number> {
    this.savings.value.amount += amount;
    await this.savings.persist();
    return this.savings.value.amount;
  }
}

/** A storage of a user's own, and whatever happens to it. */
class OwnStorage extends MemoryStorage {
  /** What is served in place of what is stored. */
  readonly spoiled = new Map<string, Partial<StoredState>>();
  fails: MoonpoolError | undefined;
  writes = 0;

  constructor() {
    super(Date.now);
  }

  override async claim(actor: string): Promise<StoredState> {
    return { ...(await super.claim(actor)), ...this.spoiled.get(actor) };
  }
  override async read(actor: string): Promise<StoredState | undefined> {
    const state = await super.read(actor);
    return state && { ...state, ...this.spoiled.get(actor) };
  }
  /** What is there in truth. */
  async stored(actor: string): Promise<StoredState> {
    return (await super.read(actor)) as StoredState;
  }
  override async commit(commit: StateCommit): Promise<CommitOutcome> {
    this.writes++;
    if (this.fails !== undefined) throw this.fails;
    return super.commit(commit);
  }
}

/** @param other the state of another actor. */
type Change = (row: StoredState, other: StoredState) => Partial<StoredState>;

describe('A state that was spoiled in a storage of whatever make', () => {
  let storage: OwnStorage;
  let node: ActorRuntime;
  beforeEach(async () => {
    storage = new OwnStorage();
    const own: ContainerModule = {
      name: 'own',
      load(bind) {
        bind(StateStorage).toValue(storage);
        bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined });
      },
    };
    node = await ActorRuntime.start({
      namespace: 'spoiled',
      name: 'n',
      actors: [Purse],
      modules: [memory(), own],
      activation: { failureHoldMs: 0 },
    });
  });
  afterEach(() => node.shutdown());

  const failureOf = (key: string): Promise<unknown> =>
    node
      .actor(Purse, key)
      .put(1)
      .then(
        (value) => value,
        (error: unknown) => error,
      );
  const causeOf = (failure: unknown): unknown => (failure as Error).cause;
  const stored = (key: string): Promise<StoredState> => storage.stored(`spoiled/Purse/${key}`);
  const dataOf = async (key: string): Promise<Buffer> => Buffer.from((await stored(key)).data ?? []);

  async function spoil(key: string, change: Change): Promise<void> {
    await node.actor(Purse, key).put(5);
    storage.spoiled.set(`spoiled/Purse/${key}`, change(await stored(key), await stored('other')));
    // The activation learns by its next write that its state is not its own any more, or is read again.
    storage.fails = new MoonpoolError('STORAGE_READ_ONLY', { message: 'not now' });
    await failureOf(key);
    storage.fails = undefined;
  }

  const cases: Readonly<Record<string, { readonly change: Change; readonly code: string }>> = {
    'a digit that was flipped': {
      change: ({ data }) => ({
        data: Buffer.from(
          Buffer.from(data ?? [])
            .toString('latin1')
            .replace('5}', '9}'),
          'latin1',
        ),
      }),
      code: 'STORAGE_CORRUPT',
    },
    'a record that was cut': { change: ({ data }) => ({ data: data?.slice(0, 20) }), code: 'STORAGE_CORRUPT' },
    'a record that is gone': { change: () => ({ data: undefined }), code: 'STORAGE_CORRUPT' },
    'a newer format': {
      change: ({ data }) => ({ data: Uint8Array.from([7, ...(data ?? []).slice(1)]) }),
      code: 'STORAGE_TOO_NEW',
    },
    'the record of another actor': {
      change: (_row, { data }) => ({ data }),
      code: 'STATE_MISPLACED',
    },
  };
  for (const [what, { change, code }] of Object.entries(cases)) {
    it(`is refused and left as it is: ${what}`, async () => {
      await node.actor(Purse, 'other').put(7);
      await spoil('a', change);
      const before = await dataOf('a');
      for (let attempt = 0; attempt < 2; attempt++) {
        const failure = await failureOf('a');
        expect(isMoonpoolError(failure, 'ACTIVATION_FAILED'), String(failure)).to.equal(true);
        expect(failure).to.have.property('executed', 'no');
        expect(causeOf(failure)).to.have.property('code', code);
      }
      expect((await dataOf('a')).equals(before)).to.equal(true);
      expect(await node.actor(Purse, 'third').put(3)).to.equal(3);
    });
  }

  it('is not written again and again when the storage says what is wrong, and the caller learns it', async () => {
    await node.actor(Purse, 'a').put(5);
    for (const code of ['STORAGE_CORRUPT', 'STORAGE_FULL', 'STORAGE_READ_ONLY', 'STORAGE_REPLACED'] as const) {
      storage.fails = new MoonpoolError(code, { message: 'the page is gone' });
      const before = storage.writes;
      const failure = await failureOf('a');
      expect(storage.writes).to.equal(before + 1);
      expect(JSON.stringify([failure, causeOf(failure)]), String(failure)).to.contain(code);
      expect(String(failure)).to.contain('The state of spoiled/Purse/a was not written: the page is gone');
    }
    storage.fails = undefined;
    expect(await node.actor(Purse, 'a').put(1)).to.equal(6);
  });
});
