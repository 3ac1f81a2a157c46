import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { campaignSimulations } from './campaign-simulation';
import type { CampaignTask, ThreadMessage } from './campaign-task';

const clock = new NodeTimeProvider();
const simulations = new Map(campaignSimulations(clock).map((simulation) => [simulation.title, simulation]));
const say = (message: ThreadMessage): void => parentPort?.postMessage(message);

/** The body of a thread of a campaign. All simulations share it, so its code is compiled, and optimized, once for all of them. */
async function perform({ title, from, to, compares }: CampaignTask): Promise<void> {
  const simulation = simulations.get(title);
  if (simulation === undefined) throw new Error(`There is no simulation '${title}'.`);
  const startedAt = clock.now();
  const parted = compares ? await simulation.compare(from) : undefined;
  if (parted !== undefined) say({ seed: from, reason: parted });
  const comparedAt = clock.now();
  for (let seed = from; seed <= to; seed++) say({ seed, reason: await simulation.run(seed) });
  say({
    done: true,
    comparedMs: comparedAt - startedAt,
    tookMs: clock.now() - comparedAt,
    heapBytes: getHeapStatistics().total_heap_size,
  });
}

// One after the other: a thread is sent its next task when it has said that one is done.
parentPort?.on('message', (task: CampaignTask) => void perform(task));
