import { MoonpoolError } from '../../errors/moonpool-error';
import type { Connection, ConnectionHandlers } from '../../providers/network-provider';
import type { NodeLife } from '../engine/node-life';
import type { StreamItem } from './stream-item';

/** The way out of one end of a connection. */
export interface OutgoingStream {
  /** The other end. */
  readonly sink: SimulatedConnection;
  /** False when the writer should wait for room. */
  send(item: StreamItem): boolean;
  /** Discards what was not delivered and tells the other side that the connection is broken. */
  abort(): void;
  /** Nothing more leaves on this way. */
  discard(): void;
  /** Lets the next piece arrive when it is due. */
  pump(): void;
}

/** What a connection asks of the network that it is part of. */
export interface ConnectionHost {
  later(life: NodeLife, act: () => void): void;
  /** Data may flow to this end again. */
  resume(end: SimulatedConnection): void;
  forget(end: SimulatedConnection): void;
}

/** One end of a simulated connection, in the hands of one life of a node. */
export class SimulatedConnection implements Connection {
  private handlers: ConnectionHandlers | undefined;
  private readonly early: ((handlers: ConnectionHandlers) => void)[] = [];
  private hasEnded = false;
  private isClosed = false;
  private otherHasEnded = false;
  private paused = false;
  /** What leaves this end; set when both ends exist. */
  outgoing!: OutgoingStream;

  constructor(
    readonly number: number,
    readonly life: NodeLife,
    readonly localHost: string,
    readonly remoteHost: string,
    readonly remoteAddress: string,
    private readonly fabric: ConnectionHost,
  ) {}

  get isGone(): boolean {
    return this.isClosed || this.life.isOver;
  }

  /** True while arriving data must wait: the owner has paused, or has not begun. */
  get isDeaf(): boolean {
    return this.paused || this.handlers === undefined;
  }

  start(handlers: ConnectionHandlers): void {
    if (this.life.refuses()) return;
    this.handlers = handlers;
    for (const tell of this.early.splice(0)) this.fabric.later(this.life, () => tell(handlers));
    this.fabric.later(this.life, () => this.fabric.resume(this));
  }

  write(bytes: Uint8Array): boolean {
    if (this.life.refuses() || this.isClosed || this.hasEnded) return false;
    return this.outgoing.send({ kind: 'data', bytes });
  }

  end(): void {
    if (this.life.refuses() || this.isClosed || this.hasEnded) return;
    this.hasEnded = true;
    this.outgoing.send({ kind: 'end' });
  }

  destroy(): void {
    if (this.life.refuses() || this.isClosed) return;
    this.outgoing.abort();
    this.close(undefined);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (this.life.refuses() || !this.paused) return;
    this.paused = false;
    this.fabric.later(this.life, () => this.fabric.resume(this));
  }

  onData(bytes: Uint8Array): void {
    if (!this.isGone) this.handlers?.onData(bytes);
  }

  onDrain(): void {
    if (!this.isGone) this.handlers?.onDrain?.();
  }

  onEnd(): void {
    if (this.isGone || this.otherHasEnded) return;
    this.otherHasEnded = true;
    this.tell((handlers) => handlers.onEnd?.());
    if (this.hasEnded) this.close(undefined);
  }

  /** The way out of this end has delivered its end. */
  onOwnEndDelivered(): void {
    if (this.otherHasEnded) this.close(undefined);
  }

  /** The other side, or the network, broke the connection. */
  onReset(why: string): void {
    if (this.isGone) return;
    this.outgoing.discard();
    this.close(new MoonpoolError('CONNECTION_FAILED', { message: `The connection with ${this.remoteAddress} broke: ${why}`, executed: 'maybe' }));
  }

  private close(error: MoonpoolError | undefined): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.fabric.forget(this);
    // Never within a call of the connection's own methods.
    this.fabric.later(this.life, () => this.tell((handlers) => handlers.onClose(error)));
  }

  private tell(tell: (handlers: ConnectionHandlers) => void): void {
    if (this.handlers !== undefined) tell(this.handlers);
    else this.early.push(tell);
  }
}
