import { MoonpoolError } from '../../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../../identity/network-address';
import type { Connection } from '../../providers/network-provider';
import type { NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';
import { PartitionRule } from './partition-rule';
import { SimulatedConnection, type ConnectionHost } from './simulated-connection';
import { StreamDirection, type StreamHost } from './stream-direction';
import type { Transfer, TransferRule } from './transfer-rule';

/** How connections are made. Times are in milliseconds. */
export interface ConnectLatency {
  readonly connectMinMs: number;
  readonly connectMaxMs: number;
  /** How long an attempt waits for an answer before it is given up. */
  readonly connectTimeoutMs: number;
}

interface ListeningAddress {
  readonly life: NodeLife;
  readonly host: string;
  readonly accept: (connection: Connection) => void;
}

/** How many connections may come to an address at one moment before it refuses them. */
const BACKLOG = 128;
const FIRST_EPHEMERAL_PORT = 40_000;
const LAST_EPHEMERAL_PORT = 60_000;

/** The network between all hosts of a world: who listens where, which connections exist, and what the rules do to them. */
export class NetworkFabric implements ConnectionHost, StreamHost {
  readonly partitions = new PartitionRule();
  private readonly rules: TransferRule[];
  private readonly listening = new Map<string, ListeningAddress>();
  private readonly connections = new Set<SimulatedConnection>();
  private readonly arriving = new Map<string, number>();
  private lastConnection = 0;
  private nextPort = FIRST_EPHEMERAL_PORT;

  /**
   * @param rules are asked before the partitions, which every world has.
   * @param splitProbability how often a piece of a stream arrives in two.
   */
  constructor(
    readonly world: World,
    rules: readonly TransferRule[],
    private readonly latency: ConnectLatency,
    readonly splitProbability: number,
  ) {
    this.rules = [...rules, this.partitions];
    this.partitions.onHeal(() => this.pumpAll());
  }

  /** The connections that have both ends, in the order in which they were made. */
  get openConnections(): readonly SimulatedConnection[] {
    return [...this.connections];
  }

  listen(life: NodeLife, host: string, address: NetworkAddress, accept: (connection: Connection) => void): NetworkAddress {
    const given = address.kind === 'tcp' && address.port === 0 ? { ...address, port: this.takePort() } : address;
    const text = formatAddress(given);
    const present = this.listening.get(text);
    if (present !== undefined && !present.life.isOver) {
      throw new MoonpoolError('ADDRESS_IN_USE', { message: `Listening on ${text} failed: ${present.life.node} listens there` });
    }
    this.listening.set(text, { life, host, accept });
    return given;
  }

  unlisten(life: NodeLife, address: NetworkAddress): void {
    const text = formatAddress(address);
    if (this.listening.get(text)?.life === life) this.listening.delete(text);
  }

  /** Begins to connect; one of the callbacks is called once, unless the life ends before. */
  connect(life: NodeLife, host: string, address: NetworkAddress, made: (connection: Connection) => void, failed: (error: MoonpoolError) => void): void {
    const { world, latency } = this;
    const text = formatAddress(address);
    const rolls = world.random.rolls('connect', `${host}>${text}`);
    const halfMs = rolls.between(latency.connectMinMs, latency.connectMaxMs) / 2;
    const remoteHost = address.kind === 'tcp' ? address.host : host;
    let isDecided = false;
    const timeout = world.schedule(life, latency.connectTimeoutMs, 'connect-timeout', () => {
      isDecided = true;
      failed(connectError('CONNECTION_FAILED', text, `nobody answered within ${latency.connectTimeoutMs} ms`));
    });
    const decide = (act: () => void): void => {
      if (isDecided) return;
      isDecided = true;
      world.cancel(timeout);
      if (!life.isOver) act();
    };
    world.schedule(undefined, halfMs, 'connect', () => {
      if (isDecided || life.isOver || this.isBlockedEitherWay(host, remoteHost)) return;
      const target = this.listening.get(text);
      if (target === undefined || target.life.isOver || (this.arriving.get(text) ?? 0) >= BACKLOG) {
        world.schedule(life, halfMs, 'connect-refused', () => {
          decide(() => failed(connectError('CONNECTION_REFUSED', text, 'nobody listens there')));
        });
        return;
      }
      this.count(text, 1);
      const port = this.takePort();
      world.schedule(undefined, halfMs, 'connect-made', () => {
        this.count(text, -1);
        decide(() => made(this.join(life, host, text, target, `${host}:${port}`)));
      });
    });
  }

  /** What becomes of a transfer that leaves: it takes its time, or its connection is cut. */
  judgeSend(transfer: Transfer): { readonly kind: 'pass'; readonly ms: number } | { readonly kind: 'cut' } {
    let ms = 0;
    for (const rule of this.rules) {
      const verdict = rule.onSend?.(transfer);
      if (verdict?.kind === 'cut') return { kind: 'cut' };
      if (verdict?.kind === 'delay') ms += verdict.ms;
    }
    return { kind: 'pass', ms };
  }

  isHeldAtArrival(transfer: Transfer): boolean {
    return this.rules.some((rule) => rule.onArrival?.(transfer).kind === 'hold');
  }

  /** Breaks a connection: both sides are told, each when it is its turn. */
  cut(end: SimulatedConnection, why: string): void {
    this.world.record('', 'fault-cut', { from: end.localHost, to: end.remoteHost, connection: end.number });
    const other = end.outgoing.sink;
    this.later(end.life, () => end.onReset(why));
    this.later(other.life, () => other.onReset(why));
  }

  /**
   * The life of a node has ended by a crash: its addresses fall silent; the other ends of its connections are reset, or
   * hear nothing at all until they say something to the machine that has come up again.
   */
  endLife(life: NodeLife): void {
    for (const [text, { life: listener }] of this.listening) if (listener === life) this.listening.delete(text);
    for (const end of this.openConnections) {
      if (end.life !== life) continue;
      this.connections.delete(end);
      const { sink: other } = end.outgoing;
      const isReset = this.world.random.rolls('crash-reset', life.node).happens(0.5);
      if (isReset) end.outgoing.abort();
      else this.world.record('', 'fault-half-open', { node: life.node, peer: other.life.node });
    }
  }

  /** Something arrived for an end that is gone: a machine that is up answers with a reset, a dead one with nothing. */
  answerFromNobody(source: SimulatedConnection, sink: SimulatedConnection): void {
    const isUp = [...this.listening.values()].some(({ host, life }) => host === sink.localHost && !life.isOver);
    if (!sink.life.isOver || isUp) this.later(source.life, () => source.onReset('the other side knows nothing of it'));
  }

  /** Lets data flow to this end again. */
  resume(end: SimulatedConnection): void {
    end.outgoing.sink.outgoing.pump();
  }

  forget(end: SimulatedConnection): void {
    this.connections.delete(end);
  }

  /** Calls back in a moment of its own, if the life lasts until then. */
  later(life: NodeLife, act: () => void): void {
    if (!life.isOver) this.world.schedule(life, 0, 'network', act);
  }

  private join(life: NodeLife, host: string, text: string, target: ListeningAddress, clientAddress: string): Connection {
    const number = ++this.lastConnection;
    const near = new SimulatedConnection(number, life, host, target.host, text, this);
    const far = new SimulatedConnection(number, target.life, target.host, host, clientAddress, this);
    near.outgoing = new StreamDirection(this, near, far);
    far.outgoing = new StreamDirection(this, far, near);
    this.connections.add(near);
    this.connections.add(far);
    // The machine may have died while the answer was on its way; then this end talks to nobody.
    if (!target.life.isOver) this.later(target.life, () => target.accept(far));
    return near;
  }

  private pumpAll(): void {
    for (const end of this.openConnections) {
      end.outgoing.pump();
      end.outgoing.sink.outgoing.pump();
    }
  }

  private isBlockedEitherWay(a: string, b: string): boolean {
    return this.partitions.isBlocked(a, b) || this.partitions.isBlocked(b, a);
  }

  private count(text: string, change: number): void {
    this.arriving.set(text, (this.arriving.get(text) ?? 0) + change);
  }

  private takePort(): number {
    const port = this.nextPort;
    this.nextPort = port === LAST_EPHEMERAL_PORT ? FIRST_EPHEMERAL_PORT : port + 1;
    return port;
  }
}

function connectError(code: 'CONNECTION_REFUSED' | 'CONNECTION_FAILED', text: string, why: string): MoonpoolError {
  return new MoonpoolError(code, { message: `Connecting to ${text} failed: ${why}` });
}
