import { ActorRuntime, memory } from 'moonpool';
import { Greeter } from './hello-actor';

/** Two nodes on TCP, in one process. They share a store in memory; in earnest it is a database: `sqlite({ file })`. */
async function main(): Promise<void> {
  const cluster = { namespace: 'hello', actors: [Greeter], modules: [memory()] };
  const north = await ActorRuntime.start({ ...cluster, name: 'north', listen: '127.0.0.1:0' });
  const south = await ActorRuntime.start({ ...cluster, name: 'south', listen: '127.0.0.1:0' });
  say(`north listens on ${north.address}, south on ${south.address}`);
  try {
    // Nobody says where alice lives. The first call places and activates her; the second, from the other node, finds her there.
    const friends = ['bob', 'carol', 'dave', 'erin'];
    for (const greeting of await south.actor(Greeter, 'alice').greet('south', friends)) say(greeting);
    for (const greeting of await north.actor(Greeter, 'alice').greet('north', friends)) say(greeting);

    // Whoever lived on a node that leaves is activated on another one by the next call. What was only in memory starts again.
    await north.shutdown();
    say('north has left');
    for (const greeting of await south.actor(Greeter, 'alice').greet('south', friends)) say(greeting);
  } finally {
    await Promise.all([north.shutdown(), south.shutdown()]);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
