import { connect, type Socket } from 'node:net';
import { readHello } from '../../../lib/handshake/greeting-codec';
import { PacketReader } from '../../../lib/wire/packet-reader';
import type { Way, WayState } from './network-cut';

interface ProxiedConnectionParts {
  readonly dialler: Socket;
  /** The path of the Unix socket on which the node listens. */
  readonly target: string;
  readonly node: string;
  readonly namespace: string;
  stateOf(way: Way): WayState;
  onClosed(): void;
}

/** A connection to a node by way of its proxy. What the dialler says first is kept until its greeting tells who it is. */
export class ProxiedConnection {
  private dialler: string | undefined;
  /** What came before it was known who the dialler is. */
  private kept: Buffer[] = [];
  private readonly served: Socket;
  /** Sides whose bytes the other side cannot take at the moment. */
  private readonly full = new Set<Socket>();

  constructor(private readonly parts: ProxiedConnectionParts) {
    this.served = connect({ path: parts.target, allowHalfOpen: true });
    const { dialler } = parts;
    const reader = new PacketReader((_token, payload) => {
      this.dialler ??= readHello(payload, parts.namespace).node.name;
    });
    dialler.on('data', (bytes) => {
      if (this.dialler === undefined) this.greet(reader, bytes);
      else this.pass(dialler, this.served, bytes);
    });
    this.served.on('data', (bytes) => this.pass(this.served, dialler, bytes));
    this.joinEnds(dialler, this.served);
    this.joinEnds(this.served, dialler);
    this.served.pause();
    dialler.resume();
  }

  /** Does to it what the network does at present. */
  update(): void {
    if (this.dialler === undefined) return;
    const { dialler, node, stateOf } = this.parts;
    const there = stateOf({ from: this.dialler, to: node });
    const back = stateOf({ from: node, to: this.dialler });
    if (there === 'broken' || back === 'broken') {
      this.break();
      return;
    }
    this.flow(dialler, there);
    this.flow(this.served, back);
  }

  break(): void {
    this.parts.dialler.destroy();
    this.served.destroy();
  }

  private greet(reader: PacketReader, bytes: Buffer): void {
    this.kept.push(bytes);
    try {
      reader.read(bytes);
    } catch {
      this.break();
    }
    if (this.dialler === undefined) return;
    const { stateOf, node, dialler } = this.parts;
    this.update();
    if (dialler.destroyed) return;
    const first = Buffer.concat(this.kept);
    this.kept = [];
    // What is held now is read again when it may go on.
    if (stateOf({ from: this.dialler, to: node }) === 'held') dialler.unshift(first);
    else this.pass(dialler, this.served, first);
  }

  private pass(from: Socket, to: Socket, bytes: Buffer): void {
    if (to.write(bytes)) return;
    this.full.add(from);
    from.pause();
  }

  private flow(from: Socket, state: WayState): void {
    if (state === 'held' || this.full.has(from)) from.pause();
    else from.resume();
  }

  private joinEnds(from: Socket, to: Socket): void {
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      to.destroy();
      this.parts.onClosed();
    });
    to.on('drain', () => {
      this.full.delete(from);
      this.update();
    });
  }
}
