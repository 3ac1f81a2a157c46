import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActorRuntime, isMoonpoolError, sqlite } from 'moonpool';
import { Ticker, Trader } from './market-ticker';

const PRICES = 500;
/** More than enough that both processes have some; placement takes the better of two nodes for each. */
const TRADERS = Array.from({ length: 12 }, (_, at) => `trader ${at + 1}`);

/** One producer and many subscribers in two processes: quotes cross between them over a Unix socket, and not at all within one. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
  const north = await startNode('north', folder);
  const south = fork(__filename, ['south', folder]);
  try {
    await once(south, 'message');
    await hearsOfBoth(north);
    const ticker = north.actor(Ticker, 'ACME');
    for (const trader of TRADERS) await ticker.subscribe(trader);
    for (let price = 0; price < PRICES; price++) await ticker.move(price % 2 === 0 ? 3 : -2);
    say(`north and south are linked by ${linkOf(north)}`);
    for (const trader of TRADERS) {
      const { node, seen, latest, shared } = await north.actor(Trader, trader).report();
      say(`${trader} on ${node}: ${seen} prices, the last is ${latest?.number}, ${shared} of them shared`);
    }
  } finally {
    south.disconnect();
    await once(south, 'exit');
    await north.shutdown();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A node hears of another one within a part of a lease after it has joined; until then it keeps all actors to itself. */
async function hearsOfBoth(node: ActorRuntime): Promise<void> {
  while (node.inspect().membership.members.length < 2) await sleep(20);
}

/** The route that the connections of a node take, as it says itself. */
function linkOf(node: ActorRuntime): string {
  const { peers } = node.inspect();
  return Object.values(peers.outgoing)
    .map(({ link }) => link)
    .join(', ');
}

function startNode(name: string, folder: string): Promise<ActorRuntime> {
  return ActorRuntime.start({
    namespace: 'market',
    name,
    actors: [Ticker, Trader],
    modules: [sqlite({ file: join(folder, 'market.db') })],
    transport: { localSocketFolder: folder },
  });
}

async function runSouth(folder: string): Promise<void> {
  const runtime = await startNode('south', folder);
  process.once('disconnect', () => void runtime.shutdown());
  process.send?.('ready');
  await runtime.terminated;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const [, , role, folder = ''] = process.argv;
(role === 'south' ? runSouth(folder) : main()).catch((error: unknown) => {
  process.stderr.write(`${isMoonpoolError(error) ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
