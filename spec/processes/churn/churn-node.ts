import { parseArgs } from 'node:util';
import { ActorRuntime, sqlite } from 'moonpool';
import { partitionedDirectory } from 'moonpool/modules';
import { silent } from '../process-fleet';
import { Pebble } from './churn-actors';

/** The modules of the cluster, for nodes and clients alike. */
export function churnModules(database: string, directory: string): ReturnType<typeof sqlite>[] {
  return [sqlite({ file: database }), ...(directory === 'partitioned' ? [partitionedDirectory()] : []), silent];
}

/** One node, as a process of its own. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, database: { type: 'string' }, directory: { type: 'string' } },
  });
  const { name, database, directory } = values;
  if (name === undefined || database === undefined || directory === undefined)
    throw new Error('A node needs --name, --database and --directory');
  const runtime = await ActorRuntime.start({
    namespace: 'churn',
    name,
    actors: [Pebble],
    listen: '127.0.0.1:0',
    modules: churnModules(database, directory),
  });
  process.send?.('ready');
  process.once('disconnect', () => void runtime.shutdown());
  await runtime.terminated;
  process.exit(0);
}

if (require.main === module)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
