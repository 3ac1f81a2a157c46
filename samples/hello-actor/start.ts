import { ActorRuntime, memory } from 'moonpool';
import { Greeter } from './hello-actor';

/** Two nodes on TCP, in one process. They share a store in memory; in earnest it is a database: `sqlite({ file })`. */
async function main(): Promise<void> {
  const store = memory();
  const cluster = { namespace: 'hello', actors: [Greeter], modules: [store] };
  const north = await ActorRuntime.start({ ...cluster, name: 'north', listen: '127.0.0.1:0' });
  const south = await ActorRuntime.start({ ...cluster, name: 'south', listen: '127.0.0.1:0' });
  process.stdout.write(`north listens on ${north.address}, south on ${south.address}\n`);

  // Nobody says where alice lives. The first call places and activates her; the second one, from the other node, finds her there.
  const friends = ['bob', 'carol', 'dave'];
  for (const greeting of await north.actor(Greeter, 'alice').greet('north', friends)) process.stdout.write(`${greeting}\n`);
  for (const greeting of await south.actor(Greeter, 'alice').greet('south', friends)) process.stdout.write(`${greeting}\n`);

  // A node that leaves takes no actor with it: the next call activates whoever lived there on the node that stays.
  await north.shutdown();
  process.stdout.write('north has left\n');
  for (const greeting of await south.actor(Greeter, 'alice').greet('south', friends)) process.stdout.write(`${greeting}\n`);
  await south.shutdown();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
