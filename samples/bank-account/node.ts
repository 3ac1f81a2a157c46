import { parseArgs } from 'node:util';
import { ActorRuntime } from 'moonpool';
import { BankAccount } from './bank-account';
import { storeModule } from './bank-store';

/** What a node tells the process that started it. */
export interface NodeReady {
  readonly kind: 'ready';
  readonly address: string;
}

/** How long leases last here, in milliseconds: the fast profile. Nodes and clients of a cluster agree on it. */
export const LEASE_TTL_MS = 3_000;

/** One node of the bank, as a process of its own. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      listen: { type: 'string', default: '127.0.0.1:0' },
      store: { type: 'string' },
    },
  });
  const { name, listen, store } = values;
  if (name === undefined || store === undefined)
    throw new Error('Usage: node.js --name NAME --store FILE-OR-ADDRESS [--listen HOST:PORT]');

  const runtime = await ActorRuntime.start({
    namespace: 'bank',
    name,
    listen,
    actors: [BankAccount],
    lease: { ttlMs: LEASE_TTL_MS },
    modules: [storeModule(store)],
  });
  process.send?.({ kind: 'ready', address: runtime.address } satisfies NodeReady);

  process.once('SIGTERM', () => void runtime.shutdown());
  // Ctrl-C reaches the whole group of processes; the parent decides when nodes end.
  process.on('SIGINT', () => undefined);
  // Without its parent nobody would ever stop this node.
  process.once('disconnect', () => void runtime.shutdown());
  const { reason } = await runtime.terminated;
  // A node that was fenced ends, and whoever supervises it starts a new one.
  process.exit(reason === 'shutdown' ? 0 : 1);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
