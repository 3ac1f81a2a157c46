import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ActorRuntime } from 'moonpool';
import { PlainCounter } from '../baselines/queue-mailbox';
import { Counter } from '../counter';
import { perSecond, type Contestant, type Scenario } from '../scenario';

const IN_FLIGHT = 256;

/** First calls to actors that nobody has called before: to so many keys, all of which stay. */
export function activation(name: string, keys: number, target: number): Scenario {
  let bytesEach = Number.NaN;
  return {
    name,
    what: `first calls to ${keys} keys of a class without state, ${IN_FLIGHT} in flight`,
    unit: 'activations/s',
    target,
    async open(): Promise<Contestant> {
      return {
        async run(): Promise<number> {
          const runtime = await ActorRuntime.start({ namespace: 'bench', actors: [Counter] });
          const before = liveBytes();
          let next = 0;
          const caller = async (): Promise<void> => {
            while (next < keys) await runtime.actor(Counter, `counter-${next++}`).add({ amount: 1 });
          };
          const figure = await perSecond(keys, () => Promise.all(Array.from({ length: IN_FLIGHT }, caller)));
          bytesEach = (liveBytes() - before) / keys;
          await runtime.shutdown();
          return figure;
        },
      };
    },
    baseline: {
      name: 'new and a map entry',
      async open(): Promise<Contestant> {
        return {
          run: () =>
            perSecond(keys, async () => {
              const counters = new Map<string, PlainCounter>();
              for (let index = 0; index < keys; index++) {
                const counter = new PlainCounter();
                counters.set(`counter-${index}`, counter);
                await counter.add({ amount: 1 });
              }
            }),
        };
      },
    },
    notes: () => ({ 'bytes each': bytesEach }),
  };
}

/** How much of the heap is in use after a full collection. */
function liveBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
