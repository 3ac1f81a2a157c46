import { ActorRuntime, sqlite } from 'moonpool';
import { FirstTally, SecondTally } from './versioned-actors';

/** A node that hosts the tally in one of its versions: arguments are its name, the version, and the database. */
async function main(): Promise<void> {
  const [name = '', version, database = ''] = process.argv.slice(2);
  const actors = version === '1' ? [FirstTally] : [SecondTally];
  const runtime = await ActorRuntime.start({
    namespace: 'versions',
    name,
    actors,
    modules: [sqlite({ file: database })],
  });
  process.once('SIGTERM', () => void runtime.shutdown());
  // Without its parent nobody would ever stop this process.
  process.once('disconnect', () => void runtime.shutdown());
  process.send?.('ready');
  const { reason } = await runtime.terminated;
  process.exit(reason === 'shutdown' ? 0 : 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
