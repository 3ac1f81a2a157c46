import { ActorRuntime } from 'moonpool';
import { Counter } from '../counter';

/** One node that starts, answers one call and ends. */
async function main(): Promise<void> {
  const runtime = await ActorRuntime.start({ namespace: 'bench', actors: [Counter] });
  await runtime.actor(Counter, 'one').add({ amount: 1 });
  process.exit(0);
}

void main();
