import { partitionedDirectory } from 'moonpool/modules';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { changeHands, MANY, Peg, touched } from './ranges-in-motion';

/** A directory that is partitioned among nodes that come and go while actors are looked for, made and moved all the time. */
export class DirectorySimulation {
  static readonly actors = [Peg];
  static readonly modules = [partitionedDirectory()];

  // A node is asked for what it had before it moved; a node that is no candidate itself looks where its actors might move.
  @SimulationTest([1, 2, 1795756314050, 1795756314102], { nodes: 5, clients: 2, chaos: 'hostile' })
  async rangesChangeHandsAmongFive(cluster: SimulatedCluster): Promise<void> {
    await changeHands(cluster, 6);
  }

  @SimulationTest(1, { nodes: 5, clients: 2, chaos: 'calm' })
  async withoutFaultsNobodyIsLost(cluster: SimulatedCluster): Promise<void> {
    const before = await Promise.all(MANY.map((key) => touched(cluster, key)));
    const leaving = cluster.nodes[cluster.random.below(cluster.nodeCount)];
    if (leaving === undefined) throw new Error('the cluster has no node');
    await cluster.shutdown(leaving);
    await cluster.restart(leaving);
    const after = await Promise.all(MANY.map((key) => touched(cluster, key)));
    for (const [index, { node, turns }] of before.entries()) {
      const now = after[index];
      if (now === undefined) throw new Error('somebody was lost');
      // Whoever was on the node that left is new somewhere; all others are who they were.
      const isMoved = node.startsWith(`${leaving.name}#`);
      if (!isMoved && (now.node !== node || now.turns !== turns + 1))
        throw new Error(`${MANY[index]} was on ${node} after ${turns} turns, and is on ${now.node} after ${now.turns}`);
    }
  }
}
