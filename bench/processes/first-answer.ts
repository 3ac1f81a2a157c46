import { ActorRuntime } from 'moonpool';
import { Counter } from '../counter';

/** From nothing to the first answered call, on one node. */
async function main(): Promise<void> {
  const runtime = await ActorRuntime.start({ namespace: 'bench', actors: [Counter] });
  await runtime.actor(Counter, 'one').deposit({ amount: 1 });
  process.exit(0);
}

void main();
