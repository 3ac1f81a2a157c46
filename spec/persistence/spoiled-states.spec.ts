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

/** A storage of a user's own: plain maps, and whatever happens to them. */
class OwnStorage implements StateStorage {
  readonly rows = new Map<string, StoredState>();
  fails: MoonpoolError | undefined;
  writes = 0;

  async claim(actor: string): Promise<StoredState> {
    const row = this.rows.get(actor) ?? { epoch: 0, version: 0, writeId: '', data: undefined };
    const claimed = { ...row, epoch: row.epoch + 1 };
    this.rows.set(actor, claimed);
    return claimed;
  }
  async commit({ actor, version, writeId, data }: StateCommit): Promise<CommitOutcome> {
    this.writes++;
    if (this.fails !== undefined) throw this.fails;
    const row = this.rows.get(actor) as StoredState;
    this.rows.set(actor, { ...row, version: version + 1, writeId, data: Uint8Array.from(data) });
    return { kind: 'accepted', version: version + 1 };
  }
  async read(actor: string): Promise<StoredState | undefined> {
    return this.rows.get(actor);
  }
}

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
  const dataOf = (key: string): Buffer => Buffer.from(storage.rows.get(`spoiled/Purse/${key}`)?.data ?? []);

  async function spoil(key: string, change: (row: StoredState) => Partial<StoredState>): Promise<void> {
    await node.actor(Purse, key).put(5);
    const path = `spoiled/Purse/${key}`;
    const row = storage.rows.get(path) as StoredState;
    storage.rows.set(path, { ...row, epoch: row.epoch + 1, ...change(row) });
    // The activation learns by its next write that its state is not its own any more, or is read again.
    storage.fails = new MoonpoolError('STORAGE_READ_ONLY', { message: 'not now' });
    await failureOf(key);
    storage.fails = undefined;
  }

  const cases: Readonly<
    Record<string, { readonly change: (row: StoredState) => Partial<StoredState>; readonly code: string }>
  > = {
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
      change: () => ({ data: storage.rows.get('spoiled/Purse/other')?.data }),
      code: 'STATE_MISPLACED',
    },
  };
  for (const [what, { change, code }] of Object.entries(cases)) {
    it(`is refused and left as it is: ${what}`, async () => {
      await node.actor(Purse, 'other').put(7);
      await spoil('a', change);
      const before = dataOf('a');
      for (let attempt = 0; attempt < 2; attempt++) {
        const failure = await failureOf('a');
        expect(isMoonpoolError(failure, 'ACTIVATION_FAILED'), String(failure)).to.equal(true);
        expect(failure).to.have.property('executed', 'no');
        expect(causeOf(failure)).to.have.property('code', code);
      }
      expect(dataOf('a').equals(before)).to.equal(true);
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
