import { ActorRuntime, sqlite } from 'moonpool';
import { serveFrames } from '../baselines/frame-echo';
import { Counter } from '../counter';
import { usedProcessorMs } from './usage';
import { Traveller } from '../traveller';
import { DurableWorker, Worker } from '../worker';

/** The second process of the scenarios over the network: a node, or the baseline's server. Says where it listens. */
async function main(): Promise<void> {
  const [, , role, at, localSocketFolder] = process.argv;
  if (role === 'node') {
    const runtime = await ActorRuntime.start({
      namespace: 'bench',
      name: 'other',
      actors: [Counter, Worker, DurableWorker, Traveller],
      modules: [sqlite({ file: at ?? '' })],
      transport: { localSocketFolder },
    });
    process.send?.(runtime.address);
  } else {
    process.send?.(await serveFrames(at));
  }
  // Whatever it is asked, it says how much it has used.
  process.on('message', () => process.send?.(usedProcessorMs()));
  process.once('disconnect', () => process.exit(0));
}

void main();
