import { ActorRuntime } from 'moonpool';
import { SQLITE_FILE, type DurableStore } from '../durable-store';
import { SavingsAccount } from '../savings';
import { perSecond, type Contestant, type Scenario } from '../scenario';

const GROUP = 100;

/** Durable writes of so many actors at a time, against the engine that commits in groups of the given size. */
export function persistence(
  writers: number,
  writesEach: number,
  target: number,
  store: DurableStore = SQLITE_FILE,
): Scenario {
  const keys = Array.from({ length: writers }, (_, index) => `account-${index}`);
  const writes = writers * writesEach;
  return {
    name: `${writers === 1 ? 'persist-seq' : 'persist-concurrent'}${store.suffix}`,
    what: `calls that end with a durable write of 200 bytes, ${writers} ${writers === 1 ? 'actor' : 'actors'}`,
    unit: 'writes/s',
    target,
    async open(): Promise<Contestant> {
      const { module, remove } = await store.open();
      const runtime = await ActorRuntime.start({ namespace: 'bench', actors: [SavingsAccount], modules: [module] });
      return {
        run: () =>
          perSecond(writes, () =>
            Promise.all(
              keys.map(async (key) => {
                const account = runtime.actor(SavingsAccount, key);
                for (let count = 0; count < writesEach; count++) await account.deposit(1);
              }),
            ),
          ),
        async close(): Promise<void> {
          await runtime.shutdown();
          await remove();
        },
      };
    },
    baseline: {
      name: writers === 1 ? 'the engine, a commit each' : `the engine, commits of ${GROUP}`,
      async open(): Promise<Contestant> {
        const engine = await store.openBare();
        const groups = Array.from({ length: Math.ceil(writers / GROUP) }, (_, index) =>
          keys.slice(index * GROUP, (index + 1) * GROUP),
        );
        return {
          run: () =>
            perSecond(writes, async () => {
              for (let count = 0; count < writesEach; count++) for (const group of groups) await engine.commit(group);
            }),
          close: () => engine.close(),
        };
      },
    },
  };
}
