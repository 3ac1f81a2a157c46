import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActorRuntime, gateways, retry } from 'moonpool';
import { audit, readSettled, type AuditedAccount } from './audit';
import { BankAccount } from './bank-account';
import { openStore } from './bank-store';
import { Latencies } from './latencies';
import { LedgerError, readLedger } from './ledger';
import { LEASE_TTL_MS } from './node';
import { NodeFleet } from './node-fleet';
import { Progress } from './progress';
import { PATIENCE_MS, transfer, type Teller, type Transfer } from './transfer';

const USAGE = `Plays a ledger on a bank of real processes, kills one of them in the middle, and audits the books.

  npm start                              the ledger that ships with the sample
  npm start -- --ledger my.csv           your own, with the columns id,from,to,amount
  npm start -- --store postgres          on a PostgreSQL server of its own, in place of a SQLite file

  --ledger FILE    the ledger to play
  --nodes N        how many node processes (default 3)
  --opening N      what each account has at the beginning (default 1000)
  --in-flight N    how many transfers are under way at a time (default 256)
  --store STORE    sqlite (default), postgres, or the address of a server: postgres://user:password@host/database
  --data FOLDER    keep the database there (default: a temporary folder, removed at the end)
  --no-kill        kill no node
  --help           print this
`;

/** After this share of the ledger one node is killed. */
const KILL_AT = 0.4;
/** The killed node stays away for longer than its lease, so that the others must take over from it. */
const KILLED_FOR_MS = LEASE_TTL_MS * 2;
const STOP_LIMIT_MS = 5_000;
/** Between two looks at whether what is on its way has arrived. */
const SETTLE_MS = 100;

interface Options {
  readonly ledger: string;
  readonly nodes: number;
  readonly opening: number;
  readonly inFlight: number;
  readonly data: string | undefined;
  readonly store: string;
  readonly isKilling: boolean;
}

/** What playing a ledger showed. */
interface Played {
  readonly acknowledged: Map<string, 'done' | 'refused'>;
  readonly latencies: Latencies;
  readonly seconds: number;
  readonly failoverMs: number | undefined;
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      ledger: { type: 'string', default: resolve(__dirname, '../../../samples/bank-account/ledger.csv') },
      nodes: { type: 'string', default: '3' },
      opening: { type: 'string', default: '1000' },
      'in-flight': { type: 'string', default: '256' },
      data: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      'no-kill': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const [nodes, opening, inFlight] = [
    wholeNumber('nodes', values.nodes),
    wholeNumber('opening', values.opening),
    wholeNumber('in-flight', values['in-flight']),
  ];
  return {
    ledger: values.ledger,
    nodes,
    opening,
    inFlight,
    data: values.data,
    store: storeOf(values.store),
    isKilling: !values['no-kill'] && nodes > 1,
  };
}

function storeOf(text: string): string {
  if (text !== 'sqlite' && text !== 'postgres' && !text.startsWith('postgres://'))
    throw new LedgerError(
      `--store must be sqlite, postgres or an address that begins with postgres://; '${text}' was given`,
    );
  return text;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new LedgerError(`--${name} must be a whole number above 0; '${text}' was given`);
  return Number(text);
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  const transfers = readLedger(options.ledger);
  const folder = options.data ?? temporaryFolder();
  const store = await openStore(options.store, folder);
  const fleet = new NodeFleet(options.nodes, store.address);
  const cleanUp = async (): Promise<void> => {
    await fleet.stop(STOP_LIMIT_MS);
    await store.close();
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
  };
  process.once('SIGINT', () => void cleanUp().finally(() => process.exit(130)));
  process.once('SIGTERM', () => void cleanUp().finally(() => process.exit(143)));
  try {
    return await playAndAudit(options, transfers, fleet);
  } finally {
    await cleanUp();
  }
}

/** A folder that is removed at the end. A database server may run as another user, who must be able to pass through it. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-bank-'));
  chmodSync(folder, 0o711);
  return folder;
}

async function playAndAudit(options: Options, transfers: readonly Transfer[], fleet: NodeFleet): Promise<number> {
  const accounts = [...new Set(transfers.flatMap(({ from, to }) => [from, to]))].sort();
  process.stdout.write(`Moonpool bank: ${transfers.length} transfers over ${accounts.length} accounts\n`);
  await fleet.start();
  for (const line of fleet.describe()) process.stdout.write(`  ${line}\n`);
  process.stdout.write('  Kill any of them, whenever you like: kill -9 PROCESS\n');

  const client = await ActorRuntime.connect({
    namespace: 'bank',
    actors: [BankAccount],
    lease: { ttlMs: LEASE_TTL_MS },
    transport: { reconnectMaxMs: 500 },
    // Whoever only calls needs no access to the store.
    modules: [gateways({ addresses: fleet.addresses })],
  });
  const teller: Teller = { account: (key) => client.actor(BankAccount, key) };
  try {
    await inParallel(accounts, options.inFlight, (key) =>
      teller.account(key).$with({ timeoutMs: PATIENCE_MS }).open({ balance: options.opening }),
    );
    const played = await play(options, transfers, fleet, teller);
    await fleet.allRun();
    const statements = await readSettled(teller, accounts, () => sleep(SETTLE_MS));
    return report(transfers, played, statements, options);
  } finally {
    await client.shutdown();
  }
}

async function play(
  options: Options,
  transfers: readonly Transfer[],
  fleet: NodeFleet,
  teller: Teller,
): Promise<Played> {
  const acknowledged = new Map<string, 'done' | 'refused'>();
  const latencies = new Latencies();
  const progress = new Progress('playing the ledger', transfers.length);
  fleet.onEvent = (text) => progress.say(`  ${text}`);
  const victim = fleet.names[fleet.names.length - 1] as string;
  const startedAt = performance.now();
  let killedAt: number | undefined;
  let failoverMs: number | undefined;
  const moved = new Set<string>();

  await inParallel(transfers, options.inFlight, async (next) => {
    const began = performance.now();
    const outcome = await transfer(teller, next);
    const ended = performance.now();
    if (acknowledged.has(next.id)) throw new Error(`transfer ${next.id} was acknowledged twice`);
    acknowledged.set(next.id, outcome);
    latencies.add(ended - began);
    progress.step((acknowledged.size / (ended - startedAt)) * 1_000);
    // A transfer that was begun after the kill and was answered by an account of the killed node found it alive elsewhere.
    if (killedAt !== undefined && failoverMs === undefined && began > killedAt && moved.has(next.from))
      failoverMs = ended - killedAt;
    if (options.isKilling && killedAt === undefined && acknowledged.size >= transfers.length * KILL_AT) {
      killedAt = Number.POSITIVE_INFINITY;
      for (const key of await accountsOn(victim, transfers, teller)) moved.add(key);
      killedAt = performance.now();
      progress.say(`  kill -9 ${victim}, with ${moved.size} accounts on it`);
      fleet.kill(victim, KILLED_FOR_MS);
    }
  });
  progress.stop();
  return { acknowledged, latencies, seconds: (performance.now() - startedAt) / 1_000, failoverMs };
}

async function accountsOn(node: string, transfers: readonly Transfer[], teller: Teller): Promise<readonly string[]> {
  const keys = [...new Set(transfers.flatMap(({ from, to }) => [from, to]))];
  const places = await Promise.all(keys.map((key) => retry(() => teller.account(key).whereabouts())));
  return keys.filter((_, index) => places[index] === node);
}

function report(
  transfers: readonly Transfer[],
  played: Played,
  statements: ReadonlyMap<string, AuditedAccount>,
  options: Options,
): number {
  const { acknowledged, latencies, seconds, failoverMs } = played;
  const refused = [...acknowledged.values()].filter((outcome) => outcome === 'refused').length;
  const total = [...statements.values()].reduce((sum, { balance }) => sum + balance, 0);
  const wrong = audit(transfers, acknowledged, statements);
  const lines = [
    '',
    `throughput    ${Math.round(transfers.length / seconds)} transfers a second (${transfers.length} in ${seconds.toFixed(1)} s)`,
    `latency       ${latencies.toString()}`,
    ...(options.isKilling
      ? [
          `fail-over     ${failoverMs === undefined ? 'not seen: the ledger is too short' : `${(failoverMs / 1_000).toFixed(2)} s from kill -9 to the first answer of a moved account`}`,
        ]
      : []),
    `acknowledged  ${acknowledged.size} of ${transfers.length}, each once; ${refused} of them refusals for want of money`,
    `total         ${total}, at the beginning ${statements.size * options.opening}`,
    wrong.length === 0
      ? 'AUDIT PASSED: every acknowledged transfer is in the books exactly once, and no money was lost or made.'
      : 'AUDIT FAILED:',
    ...wrong.slice(0, 20).map((sentence) => `  ${sentence}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return wrong.length === 0 ? 0 : 1;
}

/** Does the work for all items, so many at a time. */
async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof LedgerError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(2);
  },
);
