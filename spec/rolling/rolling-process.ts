import { parseArgs } from 'node:util';
import { ActorRuntime, sqlite } from 'moonpool';
import { Ledger, Teller } from './rolling-actors';
import { RollingLoad, type LoadReport } from './rolling-load';

/** What a process of a rolling cluster tells the one that started it. */
export type RollingMessage =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'report'; readonly report: LoadReport };

/**
 * A node or a client of a rolling cluster, of whichever release `moonpool` is where this file lies: it uses only what both have. A client
 * makes its load from the beginning, and tells of it when it is asked to stop.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      role: { type: 'string' },
      name: { type: 'string' },
      listen: { type: 'string' },
      database: { type: 'string' },
      secret: { type: 'string' },
    },
  });
  const { role, name = '', listen = '127.0.0.1:0', database = '', secret = '' } = values;
  const options = {
    namespace: 'rolling',
    name,
    actors: [Ledger, Teller],
    modules: [sqlite({ file: database })],
    security: { clusterSecret: secret },
  };
  const tell = (message: RollingMessage): void => void process.send?.(message);
  const runtime =
    role === 'client' ? await ActorRuntime.connect(options) : await ActorRuntime.start({ ...options, listen });
  const load = role === 'client' ? new RollingLoad(runtime, name) : undefined;
  process.once('message', () => void load?.stop().then((report) => tell({ kind: 'report', report })));
  process.once('SIGTERM', () => void runtime.shutdown());
  // Without its parent nobody would ever stop this process.
  process.once('disconnect', () => void runtime.shutdown());
  tell({ kind: 'ready', address: runtime.address });
  const { reason, description } = await runtime.terminated;
  if (reason !== 'shutdown') process.stderr.write(`${description}\n`);
  process.exit(reason === 'shutdown' ? 0 : 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
