import type { ChaosProfile } from '../chaos/chaos-profile';
import type { SimulationEngine } from '../engine/simulation-engine';
import { LatencyRule } from '../network/latency-rule';
import { PartitionRule } from '../network/partition-rule';
import { RandomCutRule } from '../network/random-cut-rule';
import { SimulatedNetwork } from '../network/simulated-network';
import { SplitRule } from '../network/split-rule';
import { drawSkew, SimulatedClock } from '../providers/simulated-clock';
import { SimulatedDisk } from '../storage/simulated-disk';
import { SimulatedStore, type StoreEngines } from '../store/simulated-store';
import { SimulatedMachine } from './simulated-machine';

/** Everything that the nodes of a cluster share: the network with its rules, and the store. */
export class SimulatedWorld {
  readonly network: SimulatedNetwork;
  readonly partitions: PartitionRule;
  readonly cuts: RandomCutRule;
  readonly store: SimulatedStore;

  /** @param engines what the store is made of; in memory unless a spec brings its own. */
  constructor(
    readonly engine: SimulationEngine,
    readonly profile: ChaosProfile,
    engines: Partial<StoreEngines> = {},
  ) {
    this.network = new SimulatedNetwork(engine);
    const { conditions } = this.network;
    this.partitions = new PartitionRule(() => conditions.reconsider());
    this.cuts = new RandomCutRule(engine, profile.cuts.probability, profile.cuts.cooldownMs);
    const rules = [new LatencyRule(profile.delivery), new SplitRule(profile.splitProbability), this.partitions, this.cuts];
    for (const rule of rules) conditions.addRule(rule);
    this.store = new SimulatedStore(engine, conditions, profile.store, engines);
  }

  /** A machine with a network address, clocks and a disk. @param address its IP address. */
  addMachine(name: string, address: string): SimulatedMachine {
    const clock = new SimulatedClock(this.engine, drawSkew(this.profile.clocks, this.engine.rolls.sequence('clock', name)));
    return new SimulatedMachine(this.engine, this.network, {
      name,
      sockets: this.network.addHost(name, address),
      clock,
      disk: new SimulatedDisk(this.engine, name),
    });
  }
}
