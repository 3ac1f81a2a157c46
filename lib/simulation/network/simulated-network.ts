import type { NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import { HostSockets } from './host-sockets';
import { distanceBetween, type Distance, type Locality } from '../topology/locality';
import { NetworkConditions } from './transfers/network-conditions';
import { isLoopback, NetworkHost } from './network-host';
import type { NetworkLink } from './transfers/network-link';
import type { Way } from './partitions/partition-rule';
import { Pipe } from './pipe';
import { SimulatedConnection } from './simulated-connection';
import { NO_TAP, type WireTap } from './wire-tap';

/** A sender keeps what is on its way until it has arrived: what the latency takes at this bandwidth, and never less than 64 KiB. */
export const LEAST_SEND_BUFFER_BYTES = 64 * 1024;
const BANDWIDTH_BYTES_PER_MS = 25_000;

/** One end of a connection to be. */
export interface ConnectionPlace {
  readonly sockets: HostSockets;
  readonly life: NodeLife;
  readonly address: string;
}

/** The machines of a world and the connections between them. */
export class SimulatedNetwork {
  readonly conditions: NetworkConditions;
  /** Sees all that passes on connections made from now on. */
  tap: WireTap = NO_TAP;
  private readonly hosts = new Map<string, HostSockets>();
  private readonly localities = new Map<string, Locality>();

  constructor(readonly engine: SimulationEngine) {
    this.conditions = new NetworkConditions(engine);
    engine.reportsWaits(() => this.describeWaits());
  }

  /** Adds a machine. @param address its IP address. @param locality where it stands, if that matters. */
  addHost(name: string, address: string, locality?: Locality): HostSockets {
    const portOffset = this.engine.rolls.sequence('ephemeral-port', name).below(20_000);
    const sockets = new HostSockets(new NetworkHost(name, address, locality), portOffset);
    this.hosts.set(address, sockets);
    if (locality !== undefined) this.localities.set(name, locality);
    return sockets;
  }

  /** The machine that is reached under the address from another machine. */
  hostAt(address: string, from: HostSockets): HostSockets | undefined {
    return isLoopback(address) ? from : this.hosts.get(address);
  }

  /** How far the ends of a link are from each other; undefined when that is not known of both. */
  distanceOf({ from, to }: NetworkLink): Distance | undefined {
    const [near, far] = [this.localities.get(from), this.localities.get(to)];
    return near === undefined || far === undefined ? undefined : distanceBetween(near, far);
  }

  /** Makes both sides of a connection; returns the near one. */
  join(near: ConnectionPlace, far: ConnectionPlace): SimulatedConnection {
    const name = `${near.address}>${far.address}`;
    const [nearName, farName] = [near.sockets.host.name, far.sockets.host.name];
    const [there, back] = [this.conditions.link(nearName, farName), this.conditions.link(farName, nearName)];
    const caller = this.side(near, name, far.address, there);
    const acceptor = this.side(far, name, near.address, back);
    caller.other = acceptor;
    acceptor.other = caller;
    caller.outgoing = new Pipe(this.conditions, there, acceptor);
    acceptor.outgoing = new Pipe(this.conditions, back, caller);
    return caller;
  }

  /**
   * The process of a machine died. @param how `process`: the machine lives and tells the other sides of its connections;
   * `power`: it is silent until it runs again.
   */
  endLife(sockets: HostSockets, life: NodeLife, how: 'process' | 'power'): void {
    sockets.host.isOn = how === 'process';
    sockets.closeListenersOf(life);
    const rolls = this.engine.rolls.sequence('crash-keeps-sent', sockets.host.name);
    for (const connection of [...sockets.connections]) {
      if (connection.life === life) connection.abandon(how === 'process', rolls.chance(0.5));
    }
  }

  /** The machine has power. */
  powerOn(sockets: HostSockets): void {
    if (sockets.host.isOn) return;
    sockets.host.isOn = true;
    this.conditions.reconsider();
  }

  /** Links are free again: what they kept back sets off again. @param ways which links. Default: all. */
  hurry(ways?: readonly Way[]): void {
    const names = ways === undefined ? undefined : new Set(ways.map(({ from, to }) => `${from}>${to}`));
    this.conditions.reconsider();
    for (const { connections } of this.hosts.values()) {
      for (const { outgoing } of connections) {
        if (names === undefined || names.has(outgoing.link.name))
          outgoing.hurry(this.conditions.leastDelayMs(outgoing.link));
      }
    }
  }

  /** Breaks every connection between two machines. Returns how many. */
  cutBetween(a: HostSockets, b: HostSockets): number {
    const between = [...a.connections].filter((connection) => connection.other.host === b.host);
    for (const connection of between) connection.cut();
    return between.length;
  }

  private side(
    { sockets, life }: ConnectionPlace,
    name: string,
    remoteAddress: string,
    link: NetworkLink,
  ): SimulatedConnection {
    const gone = () => void sockets.connections.delete(side);
    const sendBufferBytes = Math.max(
      LEAST_SEND_BUFFER_BYTES,
      Math.ceil(this.conditions.leastDelayMs(link) * BANDWIDTH_BYTES_PER_MS),
    );
    const side: SimulatedConnection = new SimulatedConnection(this.engine, {
      host: sockets.host,
      life,
      name,
      remoteAddress,
      sendBufferBytes,
      tap: this.tap,
      gone,
    });
    sockets.connections.add(side);
    return side;
  }

  private describeWaits(): readonly string[] {
    const lines: string[] = [];
    for (const { connections } of this.hosts.values()) {
      for (const connection of connections) {
        if (connection.onAnswer !== undefined)
          lines.push(`${connection.life.toString()} for an answer on ${connection.name}`);
        else if (connection.waitsForData) lines.push(`${connection.life.toString()} for data on ${connection.name}`);
      }
    }
    const held = this.conditions.heldLinks().map((link) => `what a rule holds on ${link}`);
    return [...lines, ...held].slice(0, 40);
  }
}
