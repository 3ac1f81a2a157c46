import { expect } from 'chai';
import fc from 'fast-check';
import type { StateCommit } from '../../../lib/storage/state-commit';
import type { StateStorage } from '../../../lib/storage/state-storage';
import type { StoredDelivery } from '../../../lib/storage/stored-delivery';
import { StorageModel } from '../../../lib/storage/storage-model';

const ACTORS = ['n/A/1', 'n/A/2', 'n/A/10', 'n/B/1'];
const KEYS = ['k1', 'k2', 'k3', 'k4', 'k5'];
const IDS = ['d1', 'd2', 'd3'];
const EVERYTHING = { from: 0, to: 2 ** 32 };

const record = fc.uint8Array({ maxLength: 5 });
const delivery = fc.record({
  id: fc.constantFrom(...IDS),
  target: fc.constantFrom(...ACTORS),
  slot: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  due: fc.oneof(fc.constant({ at: 1_000 }), fc.constant({ at: 4_000_000_000_000 })),
  data: record,
});
/** What a commit decides; made by an activation that may be one claim or one version behind. */
const decision = fc.record({
  actor: fc.constantFrom(...ACTORS),
  behind: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'epoch', 'version'),
  data: fc.option(fc.option(record), { nil: undefined }),
  events: fc.option(fc.array(record, { maxLength: 3 }), { nil: undefined }),
  takesSnapshot: fc.boolean(),
  answers: fc.option(fc.array(fc.record({ key: fc.constantFrom(...KEYS), data: record }), { maxLength: 4 }), {
    nil: undefined,
  }),
  keptAnswers: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
  deliveries: fc.option(fc.array(delivery, { maxLength: 3 }), { nil: undefined }),
  cancels: fc.option(fc.array(fc.constantFrom(...IDS), { maxLength: 2 }), { nil: undefined }),
  destroys: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, true as const),
});
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ claims: fc.constantFrom(...ACTORS) }) },
  {
    weight: 8,
    arbitrary: fc.record({ commits: fc.uniqueArray(decision, { maxLength: 4, selector: ({ actor }) => actor }) }),
  },
  { weight: 1, arbitrary: fc.record({ delivers: fc.array(delivery, { maxLength: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ settles: fc.constantFrom(...IDS), again: fc.option(delivery), isDead: fc.boolean() }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What happens to a store, as often as it may. */
export const histories = fc.array(step, { maxLength: 25 });

/** Has a store and its model do the same, and compares all that can be read after each step. */
export async function compareWithModel(storage: StateStorage, steps: readonly Step[]): Promise<void> {
  const model = new StorageModel(Date.now);
  let writes = 0;
  for (const one of steps) {
    if ('claims' in one) expect(await storage.claim(one.claims)).to.deep.equal(model.claim(one.claims));
    else if ('commits' in one) {
      const commits = one.commits.map((made) => commitOf(made, model, `w${writes++}`)).filter(touchesNothingTwice());
      const outcomes = await Promise.all(commits.map((commit) => storage.commit(commit)));
      expect(outcomes).to.deep.equal(commits.map((commit) => model.commit(commit)));
    } else if ('delivers' in one) {
      await storage.deliver(one.delivers);
      model.deliver(one.delivers);
    } else await settleBoth(storage, model, one);
    await compareAll(storage, model);
  }
}

/** Several commits at once have no order among them. */
function touchesNothingTwice(): (commit: StateCommit) => boolean {
  const touched = new Set<string>();
  return ({ deliveries = [], cancels = [] }) => {
    const ids = new Set([...deliveries.map(({ id }) => id), ...cancels]);
    if ([...ids].some((id) => touched.has(id))) return false;
    for (const id of ids) touched.add(id);
    return true;
  };
}

type Decision = typeof decision extends fc.Arbitrary<infer T> ? T : never;

function commitOf({ behind, takesSnapshot, ...decided }: Decision, model: StorageModel, writeId: string): StateCommit {
  const { epoch = 0, version = 0, lastEvent = 0 } = model.read(decided.actor) ?? {};
  return {
    ...decided,
    epoch: behind === 'epoch' ? epoch - 1 : epoch,
    version: behind === 'version' ? version - 1 : version,
    writeId,
    snapshot: takesSnapshot ? { upTo: lastEvent, data: Uint8Array.of(lastEvent) } : undefined,
  };
}

async function settleBoth(
  storage: StateStorage,
  model: StorageModel,
  { settles: id, again, isDead }: Extract<Step, { settles: string }>,
): Promise<void> {
  const next = again === null ? undefined : { due: isDead ? ('never' as const) : again.due, data: again.data };
  const versions = await Promise.all(
    [storage, model].map(async (store) => {
      const { deliveries } = await store.deliveries({ limit: 10 });
      return deliveries.find((found) => found.id === id)?.version ?? 0;
    }),
  );
  expect(await storage.settle({ id, version: versions[0] as number, next })).to.equal(
    model.settle({ id, version: versions[1] as number, next }),
  );
}

async function compareAll(storage: StateStorage, model: StorageModel): Promise<void> {
  const states = await Promise.all(ACTORS.map((actor) => storage.read(actor)));
  expect(states).to.deep.equal(ACTORS.map((actor) => model.read(actor)));
  for (const actor of ACTORS) {
    const events = await storage.history(actor, 2, 3);
    expect(events.map(({ number, data }) => [number, data])).to.deep.equal(
      model.history(actor, 2, 3).map(({ number, data }) => [number, data]),
    );
    const answers = await Promise.all(KEYS.map((key) => storage.answer(actor, key)));
    expect(answers).to.deep.equal(KEYS.map((key) => model.answer(actor, key)));
  }
  for (const after of [undefined, 'n/A/1']) {
    const query = { prefix: 'n/A/', limit: 2, ...(after === undefined ? {} : { after }) };
    expect(await storage.list(query)).to.deep.equal(model.list(query));
  }
  expect(await storage.count('n/')).to.equal(model.count('n/'));
  const ofStore = await storage.deliveries({ limit: 2 });
  const ofModel = model.deliveries({ limit: 2 });
  expect(ofStore.isLast).to.equal(ofModel.isLast);
  expect(ofStore.deliveries.map(withoutVersion)).to.deep.equal(ofModel.deliveries.map(withoutVersion));
  const [due, dueOfModel] = [await storage.due(EVERYTHING, 2), model.due(EVERYTHING, 2)];
  expect(due.deliveries.map(withoutVersion)).to.deep.equal(dueOfModel.deliveries.map(withoutVersion));
  expect(due.nextAt).to.equal(dueOfModel.nextAt);
}

function withoutVersion({ id, target, dueAt, data }: StoredDelivery): object {
  return { id, target, dueAt, data };
}
