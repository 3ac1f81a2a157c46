import type { NetworkKind } from './chaos-network';
import { HELP, kindsOn, readChaosOrder, repeatCommand, type ChaosOrder } from './chaos-order';
import { describeNotDone, describeRun, hasFailed } from './chaos-report';
import { runChaos } from './chaos-run';
import type { DoneFault } from './nemesis';
import { NetworkNamespaces } from './network-namespaces';
import { describeCut } from './network-cut';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function describeFault({ fault, beganAt, endedAt }: DoneFault): string {
  const target = 'node' in fault ? fault.node : 'nodes' in fault ? fault.nodes.join(' ') : '';
  const ways = 'cut' in fault ? describeCut(fault.cut) : target;
  const step = 'byMs' in fault ? ` by ${fault.byMs} ms` : '';
  const down = 'downMs' in fault ? `, down for ${fault.downMs} ms` : '';
  return `  at ${fault.atMs} ms ${[fault.kind, ways].join(' ').trim()}${step}: took ${Math.round((endedAt - beganAt) / 1_000)} ms${down}`;
}

/** Those that this machine has. @throws Error when it has none of those that are asked for. */
function networksOf({ networks }: ChaosOrder): readonly NetworkKind[] {
  const whyNot = networks.includes('namespaces') ? NetworkNamespaces.whyNot() : undefined;
  if (whyNot === undefined) return networks;
  if (networks.length === 1) throw new Error(`There are no network namespaces here: that ${whyNot}`);
  print(`Without network namespaces: that ${whyNot}`);
  return networks.filter((kind) => kind !== 'namespaces');
}

/** Runs the campaign on each store, in each network. @returns whether one has failed. */
async function campaign(order: ChaosOrder, isStopped: () => boolean): Promise<boolean> {
  let isWrong = false;
  for (const network of networksOf(order))
    for (const engine of order.stores) {
      if (kindsOn(engine, network, order.kinds).length === 0) continue;
      if (isStopped()) return true;
      const onFault = (done: DoneFault) => print(describeFault(done));
      const result = await runChaos({ ...order, engine, network, forMs: order.minutes * 60_000, onFault, isStopped });
      print(`\n${describeRun(result, order.isControl)}\n`);
      isWrong ||= hasFailed(result, order.isControl);
    }
  return isWrong;
}

/**
 * Kills, stops and restarts real nodes, cuts their network and kills their database, under load, and has the histories of all processes judged. Ends
 * with 1 when anything was found, or when a control has found nothing.
 */
async function main(): Promise<void> {
  const order = readChaosOrder(process.argv.slice(2));
  if (order === undefined) {
    print(HELP);
    return;
  }
  let isStopped = false;
  // Processes and servers are ended all the same.
  process.once('SIGINT', () => (isStopped = true));
  print(`The same again: ${repeatCommand(order)}`);
  const isWrong = await campaign(order, () => isStopped);
  print(describeNotDone());
  if (isStopped || isWrong) process.exitCode = 1;
}

main().catch((error: unknown) => {
  print(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
