import { Actor, Handler, retry } from 'moonpool';
import { SimulationTest, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { PATIENCE } from './patience';

const DESKS = 150;
/** So long the node stands still, and so long it goes on, in milliseconds: its timers are late nearly always. */
const [STANDS_MS, GOES_MS] = [600, 100];

@Actor({ name: 'Desk', placement: 'best-of-two' })
class Desk {
  @Handler() async sit(): Promise<void> {}
}

/** A node that does not keep up gets fewer actors than the others, and keeps its place in the cluster. */
export class SlowNodesSimulation {
  static readonly actors = [Desk];

  @SimulationTest(5, { nodes: 3, clients: 1, chaos: 'calm' })
  async whoeverIsSlowGetsLess(cluster: SimulatedCluster): Promise<void> {
    const [slow, ...others] = cluster.nodes;
    if (slow === undefined) throw new Error('There are nodes');
    const incarnation = slow.runtime?.node.incarnation;
    let isOver = false;
    const slowness = standAndGo(cluster, slow, () => isOver);
    await cluster.sleep(20_000);
    const client = cluster.client();
    for (let key = 0; key < DESKS; key++) await retry(() => client.actor(Desk, `desk-${key}`).sit(), PATIENCE);
    isOver = true;
    await slowness;
    const loadOf = (node: SimulatedNode): number => node.runtime?.inspect().activations?.count ?? Number.NaN;
    const [own, rest] = [loadOf(slow), others.map(loadOf)];
    if (slow.runtime?.node.incarnation !== incarnation) throw new Error('the slow node has lost its place');
    if (!(own * 1.5 < Math.min(...rest)))
      throw new Error(`the slow node has ${own} actors, and the others have ${rest.join(' and ')}`);
  }
}

async function standAndGo(cluster: SimulatedCluster, node: SimulatedNode, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await cluster.pause(node, STANDS_MS);
    await cluster.sleep(STANDS_MS + GOES_MS);
  }
}
