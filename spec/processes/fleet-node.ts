import { parseArgs } from 'node:util';
import { ActorRuntime } from 'moonpool';
import { clusterParts, ringFilter } from './cluster-parts';
import { mailboxes } from './node-journal';

/** What a node tells the process that started it, once. */
export interface NodeReady {
  readonly address: string;
}

/** One node of these specs, as a process of its own. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, listen: { type: 'string' }, database: { type: 'string' } },
  });
  const { name, listen, database } = values;
  if (name === undefined || listen === undefined || database === undefined)
    throw new Error('A node needs --name, --listen and --database');

  const runtime = await ActorRuntime.start({
    ...clusterParts(database),
    name,
    listen,
    outgoing: [ringFilter(`out 1 of ${name}`), ringFilter(`out 2 of ${name}`)],
    incoming: [ringFilter(`in 1 of ${name}`), ringFilter(`in 2 of ${name}`)],
  });
  mailboxes.waiting = (path) => {
    const { longest } = runtime.inspect()['activations'] as {
      readonly longest: readonly { readonly actor: string; readonly waiting: number }[];
    };
    return longest.find(({ actor }) => actor === path)?.waiting ?? 0;
  };
  process.send?.({ address: runtime.address } satisfies NodeReady);
  process.once('SIGTERM', () => void runtime.shutdown());
  // Without its parent nobody would ever stop this node.
  process.once('disconnect', () => void runtime.shutdown());
  const { reason, description } = await runtime.terminated;
  if (reason !== 'shutdown') process.stderr.write(`${description}\n`);
  process.exit(reason === 'shutdown' ? 0 : 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
