import type { ChaosTarget } from '../chaos/disturbances/disturbance';
import type { Layout } from '../topology/layout';
import type { ClusterPlaces } from './cluster-places';
import type { ClusterProcesses } from './cluster-processes';
import type { Death } from '../world/simulated-machine';
import type { SimulatedWorld } from '../world/simulated-world';

/** What befalls the nodes of a cluster, by their names: at the wish of a test or by chance. */
export class NodeFates implements ChaosTarget {
  constructor(
    private readonly world: SimulatedWorld,
    private readonly processes: ClusterProcesses,
    private readonly places: ClusterPlaces,
    private readonly layout: Layout,
  ) {}

  get clientNames(): readonly string[] {
    return this.processes.clientNames;
  }

  get nodeNames(): readonly string[] {
    return this.processes.nodes.map((node) => node.name);
  }

  get nodesOn(): readonly string[] {
    return this.processes.nodes.filter((node) => node.isOn).map((node) => node.name);
  }

  get nodeCount(): number {
    return this.processes.nodes.length;
  }

  get maxDead(): number {
    return this.layout.maxDead ?? Infinity;
  }

  crashNode(name: string, how?: Death): void {
    const rolled: Death = this.world.engine.rolls.sequence('crash-silent', name).chance(0.5) ? 'power' : 'process';
    const victim = this.processes.node(name);
    const together = this.places.sharingMachine(victim);
    // When the seed decides, somebody is left to go on.
    const isLastMachine =
      together.length > 1 && this.nodesOn.every((on) => together.some((other) => other.name === on));
    const death = how ?? (isLastMachine ? 'process' : rolled);
    for (const dying of death === 'power' ? together : [victim]) dying.crash(death);
  }

  wipeNode(name: string): void {
    for (const dying of this.places.sharingMachine(this.processes.node(name))) dying.wipe();
  }

  shutdownNode(name: string): Promise<void> {
    return this.processes.node(name).shutdown();
  }

  restartNode(name: string): void {
    for (const starting of this.places.sharingMachine(this.processes.node(name))) void starting.start();
  }

  pauseNode(name: string, forMs: number): void {
    this.processes.node(name).machine.pause(forMs);
  }

  stepClock(name: string, byMs: number): void {
    this.processes.node(name).setWallClock(byMs);
  }
}
