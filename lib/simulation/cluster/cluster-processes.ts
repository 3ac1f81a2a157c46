import { Lease } from '../../cluster/lease';
import type { ActorClass } from '../../actor/actor-reference';
import { Actors } from '../../actor/known-classes';
import { MoonpoolError } from '../../errors/moonpool-error';
import { BindingPlan } from '../../injection/binding-plan';
import { gateways } from '../../modules/gateways';
import { StateRegistry } from '../../observability/state-registry';
import { ActorRuntime } from '../../runtime/actor-runtime';
import type { ObservedProcess, ObservedProcesses } from '../observation/run-observer';
import type { NodeLife } from '../timeline/node-life';
import type { Layout } from '../topology/layout';
import type { Locality } from '../topology/locality';
import { runtimeOptions, type SimulatedApplication, type SimulatedRelease } from '../world/simulated-application';
import type { SimulatedMachine } from '../world/simulated-machine';
import { SimulatedNode } from '../world/simulated-node';
import type { SimulatedWorld } from '../world/simulated-world';

/** What a cluster is made from. */
export interface ClusterSetting {
  readonly world: SimulatedWorld;
  readonly application: SimulatedApplication;
  readonly layout: Layout;
}

/** The nodes and clients of a cluster, each on a machine of its own that has an address. */
export class ClusterProcesses implements ObservedProcesses {
  readonly nodes: readonly SimulatedNode[];
  /** The machines that are no nodes: clients, and hosts of the test. */
  readonly clientNames: string[] = [];
  private readonly clients: ActorRuntime[] = [];

  /** @param onBoot is notified of each life of a node that begins. */
  constructor(
    private readonly setting: ClusterSetting,
    onBoot: (life: NodeLife) => void,
  ) {
    const { world, application, layout } = setting;
    this.nodes = layout.nodes.map((locality, index) => {
      const machine = world.addMachine(`node${index + 1}`, `10.0.${index >> 8}.${(index & 255) + 1}`, locality);
      return new SimulatedNode(world, machine, application, locality, onBoot);
    });
  }

  /** How many clients were connected at the beginning. */
  get clientCount(): number {
    return this.clients.length;
  }

  private get addresses(): readonly string[] {
    return this.nodes.map(({ address }) => address);
  }

  /** Starts all nodes, then connects the clients. */
  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
    for (const [index, locality] of this.setting.layout.clients.entries())
      this.clients.push(await this.connect(`client${index + 1}`, locality));
  }

  /** A client that was connected at the beginning. @throws MoonpoolError INVALID_OPTION */
  client(index: number): ActorRuntime {
    const client = this.clients[index];
    if (client === undefined) {
      const message = `The cluster has ${this.clients.length} clients, and client ${index} was asked for`;
      throw new MoonpoolError('INVALID_OPTION', {
        message,
        remedy: 'Clients are counted from 0; give the cluster more of them with the option `clients`.',
      });
    }
    return client;
  }

  /** Connects a client on a machine of its own. @param release of the application that it has, where that is another one. */
  connect(name: string, locality?: Locality, release: SimulatedRelease = {}): Promise<ActorRuntime> {
    const { application, world } = this.setting;
    const machine = this.addMachine(name, locality);
    const options = runtimeOptions({ ...application, ...release }, world, machine, machine.boot());
    const { modules = [] } = options;
    const ofClient = world.clientsAskGateways ? [...modules, gateways({ addresses: this.addresses })] : modules;
    return ActorRuntime.connect({ ...options, modules: ofClient });
  }

  /** A machine that is no node. */
  addMachine(name: string, locality?: Locality): SimulatedMachine {
    const number = this.clientNames.push(name);
    return this.setting.world.addMachine(name, `10.1.${number >> 8}.${number & 255}`, locality);
  }

  /** @throws MoonpoolError INVALID_OPTION when no node has the name. */
  node(name: string): SimulatedNode {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (node === undefined)
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The cluster has no node ${name}`,
        remedy: `Name one that it has: ${this.nodes.map((known) => known.name).join(', ')}.`,
      });
    return node;
  }

  holdsLease(node: string, generation: number): boolean {
    const { machine, runtime } = this.node(node);
    return machine.life?.generation === generation && runtime !== undefined && runtime.service(Lease).held;
  }

  isClient(name: string): boolean {
    return this.clientNames.includes(name);
  }

  actors(): readonly ActorClass[] {
    const { application } = this.setting;
    const contributed = new BindingPlan(application.modules).valuesOf(Actors);
    return [...application.actors, ...contributed, ...this.nodes.flatMap(({ actors }) => actors)];
  }

  registryOf(node: string): StateRegistry | undefined {
    return this.node(node).runtime?.service(StateRegistry);
  }

  running(): readonly ObservedProcess[] {
    const nodes = this.nodes.flatMap(({ name, runtime }) =>
      runtime === undefined ? [] : [{ name, registry: runtime.service(StateRegistry) }],
    );
    const clients = this.clients.map((client, index) => ({
      name: `client${index + 1}`,
      registry: client.service(StateRegistry),
    }));
    return [...nodes, ...clients];
  }
}
