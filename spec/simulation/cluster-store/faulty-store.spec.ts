import { expect } from 'chai';
import {
  actorDirectoryContract,
  describeContract,
  membershipStoreContract,
  stateStorageContract,
} from 'moonpool/contracts';
import { isMoonpoolError } from '../../../lib/errors/moonpool-error';
import type { StoreFaults } from '../../../lib/simulation/cluster-store/store-faults';
import { simulatedContractWorld, type SimulatedParts } from '../../contracts/simulated-contract-world';

/** The same with every method repeated until the store is available: allowed where a refusal means that nothing was done. */
function untilAvailable<T extends object>(store: T): T {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const call = member as (...args: unknown[]) => unknown;
      if (name === 'openSession') return (...given: unknown[]) => untilAvailable(call.apply(target, given) as object);
      return async (...given: unknown[]): Promise<unknown> => {
        for (;;) {
          try {
            return await call.apply(target, given);
          } catch (error) {
            if (!isMoonpoolError(error, 'STORAGE_UNAVAILABLE')) throw error;
          }
        }
      };
    },
  });
}

const WORLDS: readonly (readonly [name: string, faults: Partial<StoreFaults>])[] = [
  [
    'A store that is slow to be asked and slow to answer',
    { slowProbability: 0.3, lateAnswerProbability: 0.3, slowMinMs: 500, slowMaxMs: 8_000, answerTimeoutMs: 60_000 },
  ],
  ['A store that is unavailable now and then', { unavailableProbability: 0.4 }],
];

for (const [name, store] of WORLDS) {
  describeContract(
    name,
    stateStorageContract,
    simulatedContractWorld(({ world, life }) => untilAvailable(world.store.stateStorage(life)), { store }),
  );
  describeContract(
    name,
    membershipStoreContract,
    simulatedContractWorld(({ world, life }) => untilAvailable(world.store.membershipStore(life)), { store }),
  );
  describeContract(
    name,
    actorDirectoryContract,
    simulatedContractWorld(({ world, life }) => untilAvailable(world.store.actorDirectory(life)), { store }),
  );
}

describe('A store whose answer is lost has done what it was asked:', () => {
  const world = simulatedContractWorld((parts) => parts, {
    store: { answerLostProbability: 0.5, answerTimeoutMs: 2_000 },
  });

  /** Asks until the answer is not lost; resolves to it and to whether an answer was lost before. */
  async function ask<T>(request: () => Promise<T>): Promise<{ answer: T; wasLost: boolean }> {
    for (let wasLost = false; ; wasLost = true) {
      try {
        return { answer: await request(), wasLost };
      } catch (error) {
        expect(error).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
      }
    }
  }

  /** Runs the body in all worlds; it says whether an answer was lost, and both must occur. */
  async function inAllWorlds(body: (parts: SimulatedParts) => Promise<boolean>): Promise<void> {
    const seen = new Set<boolean>();
    await world.run(async (parts) => void seen.add(await body(parts)));
    expect(seen.size).to.equal(2);
  }

  it('a write that is repeated is known by its id', () =>
    inAllWorlds(async ({ world: { store }, life }) => {
      const storage = store.stateStorage(life);
      const { epoch } = (await ask(() => storage.claim('x'))).answer;
      const { answer, wasLost } = await ask(() =>
        storage.commit({ actor: 'x', epoch, version: 0, writeId: 'mine', data: Uint8Array.of(7) }),
      );
      if (wasLost) expect(answer).to.deep.equal({ kind: 'conflict', version: 1, writeId: 'mine' });
      else expect(answer).to.deep.equal({ kind: 'accepted', version: 1 });
      expect((await ask(() => storage.read('x'))).answer).to.deep.include({
        version: 1,
        writeId: 'mine',
        data: Uint8Array.of(7),
      });
      return wasLost;
    }));

  it('a claim that is repeated has a higher epoch, and the lost one can write no more', () =>
    inAllWorlds(async ({ world: { store }, life }) => {
      const storage = store.stateStorage(life);
      const { answer, wasLost } = await ask(() => storage.claim('x'));
      expect(answer.epoch > 1).to.equal(wasLost);
      const stale = await ask(() =>
        storage.commit({ actor: 'x', epoch: answer.epoch - 1, version: 0, writeId: 'stale', data: new Uint8Array(0) }),
      );
      expect(stale.answer).to.deep.equal({ kind: 'fenced', epoch: answer.epoch });
      return wasLost;
    }));

  it('a registration that is repeated finds itself', () =>
    inAllWorlds(async ({ world: { store }, life }) => {
      const directory = store.actorDirectory(life);
      const registration = { actor: 'x', activation: 'a', node: { name: 'n', incarnation: 1 }, address: '10.0.0.1:1' };
      const { answer, wasLost } = await ask(() => directory.register(registration));
      expect(answer).to.deep.equal(registration);
      await ask(() => directory.unregister('x', 'a'));
      expect((await ask(() => directory.lookup('x'))).answer).to.equal(undefined);
      return wasLost;
    }));

  it('a join that is repeated on the old view is refused, and the new view shows the member', () =>
    inAllWorlds(async ({ world: { store }, life }) => {
      const members = store.membershipStore(life);
      const { version } = (await ask(() => members.read())).answer;
      const { answer, wasLost } = await ask(() =>
        members.join({ name: 'n', address: '10.0.0.1:1', actorTypes: [] }, version),
      );
      expect(answer === undefined).to.equal(wasLost);
      const view = (await ask(() => members.read())).answer;
      expect(view.members.map(({ name, status }) => [name, status])).to.deep.equal([['n', 'active']]);
      return wasLost;
    }));
});
