import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { drawChaos } from '../../lib/simulation/chaos/chaos-profile';
import { NodeLife } from '../../lib/simulation/engine/node-life';
import { runWorld } from '../../lib/simulation/engine/run-world';
import { World } from '../../lib/simulation/engine/world';
import { LatencyRule } from '../../lib/simulation/network/latency-rule';
import { NetworkFabric } from '../../lib/simulation/network/network-fabric';
import type { ContractWorld } from './contract-world';

/** What a contract's subject is made of in a simulated world. */
export interface SimulatedParts {
  readonly world: World;
  readonly fabric: NetworkFabric;
  readonly life: NodeLife;
}

/** Runs the bodies of a suite in simulated worlds, each under several seeds. */
export function simulatedContractWorld<T>(make: (parts: SimulatedParts) => T, seeds = 10): ContractWorld<T> {
  return {
    async run(body) {
      for (let seed = 1; seed <= seeds; seed++) {
        const world = new World(seed);
        const { delivery, connect, splitProbability } = drawChaos('hostile', world.random);
        const fabric = new NetworkFabric(world, [new LatencyRule(world.random, delivery)], connect, splitProbability);
        const subject = make({ world, fabric, life: new NodeLife('node', 1) });
        await runWorld(world, () => body(subject), { realTime: new NodeTimeProvider() });
      }
    },
  };
}
