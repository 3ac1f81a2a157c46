import { ActorRuntime, sqlite } from 'moonpool';
import { BareSqlite } from '../baselines/bare-sqlite';
import { SavingsAccount } from '../savings';
import { perSecond, type Contestant, type Scenario } from '../scenario';
import { ScratchFolder } from '../scratch-folder';

/**
 * First calls to actors with durable state that nobody has called before, so many in flight, against the engine that claims them in groups as large: a row
 * for the claim and one for the registration, which a loss of power may take.
 */
export function persistedActivation(inFlight: number, keys: number, target: number): Scenario {
  const kind = inFlight === 1 ? 'one after the other' : `${inFlight} in flight`;
  return {
    name: inFlight === 1 ? 'activate-persisted-seq' : 'activate-persisted',
    what: `first calls to ${keys} keys of a class with durable state in SQLite, ${kind}`,
    unit: 'activations/s',
    target,
    async open(): Promise<Contestant> {
      const folder = new ScratchFolder();
      const runtime = await ActorRuntime.start({
        namespace: 'bench',
        actors: [SavingsAccount],
        modules: [sqlite({ file: folder.file('bench.db') })],
      });
      let next = 0;
      return {
        run: () => {
          const end = next + keys;
          const caller = async (): Promise<void> => {
            while (next < end) await runtime.actor(SavingsAccount, `account-${next++}`).balance();
          };
          return perSecond(keys, () => Promise.all(Array.from({ length: inFlight }, caller)));
        },
        async close(): Promise<void> {
          await runtime.shutdown();
          folder.remove();
        },
      };
    },
    baseline: {
      name: inFlight === 1 ? 'the engine, a commit each' : `the engine, commits of ${inFlight}`,
      async open(): Promise<Contestant> {
        const folder = new ScratchFolder();
        const engine = new BareSqlite(folder.file('bare.db'));
        let next = 0;
        return {
          run: () =>
            perSecond(keys, async () => {
              for (const end = next + keys; next < end; next += inFlight)
                engine.claim(
                  Array.from({ length: Math.min(inFlight, end - next) }, (_, index) => `account-${next + index}`),
                );
            }),
          async close(): Promise<void> {
            engine.close();
            folder.remove();
          },
        };
      },
    },
  };
}
