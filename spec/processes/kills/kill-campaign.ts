import { parseArgs } from 'node:util';
import type { EngineName } from '../chaos/chaos-order';
import { runKills, type KillResult } from './kill-run';

const HELP = `npm run chaos:kill -- [--kills N] [--store sqlite|postgres|all] [--apart] [--stop] [--control] [--seed S]

Kills one of three nodes with kill -9 under load, again and again, with the settings that Moonpool has by default. Says how long it took until an actor of
the node answered elsewhere, and has the histories of all processes judged: no acknowledged write may be missing, and none may be stale.

  --kills   how many on each store; 30 by default
  --store   sqlite, postgres, or all, which is the default
  --apart   each node has a space of process numbers of its own, as in a container: no other one sees its process end. Needs root on Linux
  --stop    SIGSTOP in place of kill -9: no other one sees that it stands still, and its lease decides; when its actors have answered elsewhere it goes on, and must end
  --control nodes acknowledge writes before they are durable: the campaign must find that
  --seed    decides who is killed, and what is asked for; 1 by default`;

const STORES: readonly EngineName[] = ['sqlite', 'postgres'];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function share(sorted: readonly number[], part: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0);
}

function describe(
  engine: EngineName,
  { tookMs, operations, acknowledged, keys, violations, kept }: KillResult,
): string {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const times = `median ${share(sorted, 0.5)} ms, 90 % ${share(sorted, 0.9)} ms, 99 % ${share(sorted, 0.99)} ms, longest ${share(sorted, 1)} ms`;
  const wrong =
    violations.length === 0 ? '0 violations' : `VIOLATIONS, histories in ${kept}:\n${violations.join('\n')}`;
  return `${engine}: ${tookMs.length} nodes; first answer elsewhere: ${times}. ${operations} operations, ${acknowledged} answered, on ${keys} keys: ${wrong}`;
}

/** Ends with 1 when something acknowledged is lost or stale, when a node ends by itself, or when nobody takes over; of a control, when nothing was found. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '30' },
      store: { type: 'string', default: 'all' },
      apart: { type: 'boolean', default: false },
      stop: { type: 'boolean', default: false },
      control: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  const [kills, seed] = [Number(values.kills), Number(values.seed)];
  const stores = STORES.filter((engine) => values.store === 'all' || values.store === engine);
  if (values.help || stores.length === 0 || !Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
    print(HELP);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  let isStopped = false;
  // Processes and servers are ended all the same, and what there is is judged.
  process.once('SIGINT', () => (isStopped = true));
  for (const engine of stores) {
    const onKill = (index: number, node: string, tookMs: number): void => {
      if ((index + 1) % 10 === 0) print(`  ${engine}: ${index + 1}, the last of ${node}: ${Math.round(tookMs)} ms`);
    };
    const result = await runKills({
      engine,
      kills,
      seed,
      areApart: values.apart,
      areStopped: values.stop,
      isControl: values.control,
      isStopped: () => isStopped,
      onKill,
    });
    print(describe(engine, result));
    if (result.violations.length > 0 !== values.control) process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
