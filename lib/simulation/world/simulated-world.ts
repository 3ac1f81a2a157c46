import { CALM_PROFILE, type ChaosProfile } from '../chaos/profile/chaos-profile';
import { FaultSwitch } from '../random/keyed-rolls';
import type { SimulationEngine } from '../engine/simulation-engine';
import { addNetworkFaults } from '../chaos/network-faults';
import { BuggifySites } from '../chaos/simulated-buggify';
import { ClogRule } from '../network/rules/clog-rule';
import type { Locality } from '../topology/locality';
import { PartitionRule } from '../network/partitions/partition-rule';
import { SimulatedNetwork } from '../network/simulated-network';
import { drawSkew, SimulatedClock } from '../providers/simulated-clock';
import type { SharedKernel } from '../providers/simulated-host-provider';
import { SlowSleeps } from '../providers/slow-sleeps';
import { SimulatedDisk } from '../disks/simulated-disk';
import { SimulatedStore, type StoreEngines } from '../cluster-store/simulated-store';
import { SimulatedMachine } from './simulated-machine';

/** How many worlds are one machine. */
const ONE_MACHINE = 0.25;
/** Of the others, in how many the store notices the ends of processes. */
const STORE_HAS_SESSIONS = 0.5;
/** In how many worlds the clients have no access to the store. */
const CLIENTS_ASK_GATEWAYS = 0.25;
/** In how many worlds the nodes keep the directory, and not the store. */
const DIRECTORY_IS_PARTITIONED = 0.5;

/** Everything that the nodes of a cluster share: the network with its rules, and the store. */
export class SimulatedWorld {
  readonly network: SimulatedNetwork;
  readonly partitions: PartitionRule;
  readonly clogs: ClogRule;
  readonly store: SimulatedStore;
  readonly buggify: BuggifySites;
  /** The clocks of the machines, by name. */
  readonly clocks = new Map<string, SimulatedClock>();
  readonly slowSleeps: SlowSleeps;
  /** Of one world in four under faults: processes that see each other end, as on one machine. In half of the others the store notices the ends of processes, and in the rest only their leases tell. */
  readonly kernel: SharedKernel;
  /** Of one world in four under faults: its clients have no access to the store, and ask the nodes. */
  readonly clientsAskGateways: boolean;
  /** Of every other world under faults: its nodes keep the directory. */
  readonly partitionsDirectory: boolean;
  private readonly machineFaults = new FaultSwitch();
  private readonly machines = new Map<string, SimulatedMachine>();

  /** @param engines what the store is made of; in memory unless a spec brings its own. */
  constructor(
    readonly engine: SimulationEngine,
    readonly profile: ChaosProfile,
    engines: Partial<StoreEngines> = {},
  ) {
    const hasFaults = profile !== CALM_PROFILE;
    const isOneMachine = hasFaults && engine.rolls.sequence('one-machine').chance(ONE_MACHINE);
    this.clientsAskGateways = hasFaults && engine.rolls.sequence('gateways').chance(CLIENTS_ASK_GATEWAYS);
    this.partitionsDirectory = hasFaults && engine.rolls.sequence('directory').chance(DIRECTORY_IS_PARTITIONED);
    this.kernel = {
      machine: isOneMachine ? 'the machine' : '',
      hasEnded: (host, pid) => this.machines.get(host)?.life?.generation !== pid,
    };
    this.network = new SimulatedNetwork(engine);
    const { conditions } = this.network;
    this.partitions = new PartitionRule(() => conditions.reconsider());
    this.clogs = new ClogRule(conditions, (ways) => this.network.hurry(ways));
    addNetworkFaults(this.network, profile, this);
    this.buggify = new BuggifySites(engine, profile.buggify);
    this.store = new SimulatedStore(engine, conditions, profile.store, engines);
    this.store.hasSessions =
      hasFaults && !isOneMachine && engine.rolls.sequence('store-sessions').chance(STORE_HAS_SESSIONS);
    this.slowSleeps = new SlowSleeps(engine, profile.sleeps, this.machineFaults);
  }

  /** Lets faults strike in code, network, store and machines from now on, or no more; what they have damaged stays damaged. */
  setFaulty(isFaulty: boolean): void {
    this.network.conditions.setFaulty(isFaulty);
    this.store.setFaulty(isFaulty);
    this.machineFaults.areOn = isFaulty;
    if (isFaulty) this.buggify.begin();
    else this.buggify.end();
  }

  /** A machine with a network address, clocks and a disk. @param address its IP address. @param locality where it stands, if that matters. */
  addMachine(name: string, address: string, locality?: Locality): SimulatedMachine {
    const { engine, profile } = this;
    const { rolls } = engine;
    const clock = new SimulatedClock(
      engine,
      drawSkew(profile.clocks, rolls.sequence('clock', name)),
      rolls.sequence('clock-drift', name),
    );
    this.clocks.set(name, clock);
    const machine = new SimulatedMachine(engine, this.network, {
      name,
      sockets: this.network.addHost(name, address, locality),
      clock,
      disk: new SimulatedDisk(engine, name, profile, this.machineFaults),
      onDeath: (life, how) => this.store.sessions.processDied(life, how),
    });
    this.machines.set(name, machine);
    return machine;
  }
}
