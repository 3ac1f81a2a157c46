import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import type { SimulatedNode } from '../../../lib/simulation/cluster/simulated-node';
import { onCluster, untilAnswered } from './cluster-fixture';
import { Ledger } from './ledger-fixture';

const DEATHS = 1_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Nodes die, one after another, in the midst of calls, and start again. */
async function dieAndRestart(cluster: SimulatedCluster, deaths: number): Promise<void> {
  for (let death = 0; death < deaths; death++) {
    const node = cluster.nodes[death % cluster.nodes.length] as SimulatedNode;
    const ledger = cluster.client().actor(Ledger, `k${death % 20}`);
    // Some calls are cut off by the death, and their client gives them up.
    for (let call = 0; call < 3; call++) ledger.append(call).catch(() => undefined);
    await cluster.sleep(2);
    await cluster.crash(node, death % 2 === 0 ? 'power' : 'process');
    await cluster.restart(node);
  }
}

describe('A dead process', () => {
  it(`leaves nothing behind: after ${DEATHS} crashes and restarts under traffic the heap is within 5 % of its start`, async () => {
    const heap: number[] = [];
    await onCluster(async (cluster) => {
      const rest = async () => {
        await cluster.sleep(60_000);
        for (let key = 0; key < 20; key++) await untilAnswered(cluster, () => cluster.client().actor(Ledger, `k${key}`).append(1));
        heap.push(heapBytes());
      };
      // What is compiled in the beginning is no leak.
      await dieAndRestart(cluster, 500);
      await rest();
      await dieAndRestart(cluster, DEATHS);
      await rest();
    });
    const [before, after] = heap as [number, number];
    expect(after / before).to.be.within(0.9, 1.05);
  }).timeout(60_000);
});
