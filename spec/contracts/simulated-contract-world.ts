import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { drawChaos } from '../../lib/simulation/chaos/chaos-profile';
import type { SimulatedMachine } from '../../lib/simulation/cluster/simulated-machine';
import { SimulatedWorld } from '../../lib/simulation/cluster/simulated-world';
import type { NodeLife } from '../../lib/simulation/engine/node-life';
import { SimulationEngine } from '../../lib/simulation/engine/simulation-engine';
import type { ContractWorld } from './contract-world';

/** What a contract's subject is made of in a simulated world. */
export interface SimulatedParts {
  readonly engine: SimulationEngine;
  readonly world: SimulatedWorld;
  readonly machine: SimulatedMachine;
  /** The life of the machine's process. */
  readonly life: NodeLife;
}

/** Runs the bodies of a suite in simulated worlds, each under several seeds, with hostile latencies and nothing cut. */
export function simulatedContractWorld<T>(make: (parts: SimulatedParts) => T, seeds = 10): ContractWorld<T> {
  return {
    async run(body) {
      for (let seed = 1; seed <= seeds; seed++) {
        const engine = new SimulationEngine({ seed, clock: new NodeTimeProvider() });
        const world = new SimulatedWorld(engine, drawChaos('hostile', engine.rolls));
        const machine = world.addMachine('node', '10.0.0.1');
        const subject = make({ engine, world, machine, life: machine.boot() });
        await engine.run(() => body(subject));
      }
    },
  };
}
