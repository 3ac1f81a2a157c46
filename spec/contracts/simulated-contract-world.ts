import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { drawChaos } from '../../lib/simulation/chaos/profile/chaos-profile';
import type { SimulatedMachine } from '../../lib/simulation/world/simulated-machine';
import { SimulatedTimeProvider } from '../../lib/simulation/providers/simulated-time-provider';
import { SimulatedWorld } from '../../lib/simulation/world/simulated-world';
import type { NodeLife } from '../../lib/simulation/timeline/node-life';
import { SimulationEngine } from '../../lib/simulation/engine/simulation-engine';
import { CALM_STORE, type StoreFaults } from '../../lib/simulation/cluster-store/store-faults';
import type { ContractWorld } from 'moonpool/contracts';

/** What a contract's subject is made of in a simulated world. */
export interface SimulatedParts {
  readonly engine: SimulationEngine;
  readonly world: SimulatedWorld;
  readonly machine: SimulatedMachine;
  /** The life of the machine's process. */
  readonly life: NodeLife;
}

/** How a suite is run in simulated worlds. */
export interface ContractSetting {
  /** Default: 10. */
  readonly seeds?: number;
  /** Faults of the store, which are on then. Default: none. */
  readonly store?: Partial<StoreFaults>;
}

/** Runs the bodies of a suite in simulated worlds, each under several seeds, with hostile latencies and nothing cut. */
export function simulatedContractWorld<T>(
  make: (parts: SimulatedParts) => T,
  { seeds = 10, store }: ContractSetting = {},
): ContractWorld<T> {
  return {
    async run(body) {
      for (let seed = 1; seed <= seeds; seed++) {
        const engine = new SimulationEngine({ seed, clock: new NodeTimeProvider() });
        const profile = drawChaos('hostile', engine.rolls);
        const world = new SimulatedWorld(
          engine,
          store === undefined ? profile : { ...profile, store: { ...CALM_STORE, ...store } },
        );
        if (store !== undefined) world.store.setFaulty(true);
        let machines = 0;
        const open = (): T => {
          const number = ++machines;
          const machine = world.addMachine(number === 1 ? 'node' : `node-${number}`, `10.0.0.${number}`);
          return make({ engine, world, machine, life: machine.boot() });
        };
        const subject = open();
        const waiting = world.addMachine('waiting', '10.0.1.1');
        const time = new SimulatedTimeProvider(engine, waiting.parts.clock, waiting.boot());
        await engine.run(() =>
          body(
            subject,
            async () => open(),
            (ms) => time.sleep(ms),
          ),
        );
      }
    },
  };
}
