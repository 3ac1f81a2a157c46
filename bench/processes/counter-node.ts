import { ActorRuntime } from 'moonpool';
import { Counter } from '../counter';

/** A node with a static counter, in a process of its own. */
async function main(): Promise<void> {
  const runtime = await ActorRuntime.start({ namespace: 'bench', name: 'counter-node', listen: process.argv[2] ?? '127.0.0.1:0', actors: [Counter] });
  process.send?.(runtime.address);
  process.once('disconnect', () => void runtime.shutdown().then(() => process.exit(0)));
}

void main();
