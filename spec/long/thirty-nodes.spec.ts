import { partitionedDirectory } from 'moonpool/modules';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { changeHands, Peg } from '../scenarios/ranges-in-motion';

/** As among five, with many more pairs of nodes that hand ranges to each other. */
export class ThirtyNodesSimulation {
  static readonly actors = [Peg];
  static readonly modules = [partitionedDirectory()];

  @SimulationTest([1, 2, 3, 1_795_783_820_006], { nodes: 30, clients: 2, chaos: 'default' })
  async rangesChangeHandsAmongThirty(cluster: SimulatedCluster): Promise<void> {
    await changeHands(cluster, 2);
  }
}
