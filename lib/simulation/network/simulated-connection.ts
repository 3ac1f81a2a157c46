import { MoonpoolError } from '../../errors/moonpool-error';
import type { Connection, ConnectionHandlers } from '../../providers/network-provider';
import { eventKind } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { ConnectionSide } from './connection-side';
import type { NetworkHost } from './network-host';
import type { Pipe, PipeEnd, Segment } from './pipe';
import type { Ending } from './transfers/transfer';

const DELIVER = eventKind('deliver');
const DRAIN = eventKind('drain');
const CLOSE = eventKind('close');
const NOTICE = eventKind('notice');
const LATE_RESET = eventKind('late-reset');

const NO_BYTES = new Uint8Array(0);

/** How one side of a connection stands. */
type Standing = 'open' | 'closed' | 'vanished';

/** What comes of what arrives: it is taken, answered by a reset as nobody knows of the connection, or lost without a word. */
type Reception = 'takes' | 'resets' | 'silent';

/**
 * One side of a simulated connection, behaving as TCP does: lossless and in order until it is cut, a bounded send
 * buffer, an end after the data, a reset that overrides it.
 */
export class SimulatedConnection implements Connection, PipeEnd {
  /** The way to the other side, and the other side; set by the network when it joins the two. */
  outgoing!: Pipe;
  other!: SimulatedConnection;
  /** Set while this side waits for the answer to its request to connect. */
  onAnswer: ((error?: MoonpoolError) => void) | undefined;
  private handlers: ConnectionHandlers | undefined;
  private standing: Standing = 'open';
  private reception: Reception = 'takes';
  private readonly arrived: Segment[] = [];
  private deliveryScheduled = false;
  private paused = false;
  /** Bytes that this side has sent and the other has not taken. */
  private unread = 0;
  private wantsDrain = false;
  private hasEnded = false;
  private otherHasEnded = false;
  /** The connection was gone before its owner began to listen; the owner learns when it does. */
  private closedBeforeStart: { readonly error: MoonpoolError | undefined } | undefined;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly side: ConnectionSide,
  ) {}

  get host(): NetworkHost {
    return this.side.host;
  }

  get life(): NodeLife {
    return this.side.life;
  }

  get name(): string {
    return this.side.name;
  }

  get remoteAddress(): string {
    return this.side.remoteAddress;
  }

  get isUnreachable(): boolean {
    return this.standing === 'vanished' && !this.host.isOn;
  }

  /** True when this side could read, and would have to wait. */
  get waitsForData(): boolean {
    return this.standing === 'open' && this.handlers !== undefined && this.arrived.length === 0 && !this.otherHasEnded;
  }

  start(handlers: ConnectionHandlers): void {
    if (!this.life.enter() || this.handlers !== undefined) return;
    this.handlers = handlers;
    this.scheduleDelivery();
  }

  write(bytes: Uint8Array): boolean {
    if (!this.life.enter()) return false;
    if (this.standing !== 'open' || this.hasEnded) return false;
    if (bytes.length > 0) {
      this.unread += bytes.length;
      this.side.tap.wrote(this, bytes);
      // A copy, as on a real wire: neither side may see what the other does to its buffer afterwards.
      this.outgoing.send('data', Buffer.from(bytes));
    }
    const hasRoom = this.unread < this.side.sendBufferBytes;
    if (!hasRoom) this.wantsDrain = true;
    return hasRoom;
  }

  end(): void {
    if (!this.life.enter() || this.standing !== 'open' || this.hasEnded) return;
    this.hasEnded = true;
    this.outgoing.send('end');
    this.closeWhenBothEnded();
  }

  destroy(): void {
    if (!this.life.enter() || this.standing !== 'open') return;
    this.outgoing.send('reset');
    this.close();
  }

  pause(): void {
    if (this.life.enter()) this.paused = true;
  }

  resume(): void {
    if (!this.life.enter() || !this.paused) return;
    this.paused = false;
    this.scheduleDelivery();
  }

  /** Something arrived from the other side. */
  receive(segment: Segment): void {
    if (this.reception !== 'takes') {
      if (this.reception === 'resets' && segment.kind !== 'reset') this.outgoing.send('reset');
      if (segment.kind === 'reset' && this.reception === 'resets') this.breakOff('the other side reset it');
      return;
    }
    if (this.standing !== 'open') return;
    if (segment.kind === 'accept') this.whenAwake(() => this.answer());
    else if (segment.kind === 'reset') this.breakOff('the other side reset it');
    else {
      this.arrived.push(segment);
      // In the same event when nothing stands before it, for that is one event less.
      if (this.arrived.length === 1 && !this.deliveryScheduled && !this.life.isPaused) this.deliver();
      else if (this.life.isPaused) this.scheduleDelivery();
    }
  }

  /** The connection ends before its time, in the midst of what travels from the other side to this one. */
  suffer(ending: Ending): void {
    this.side.tap.struck(this);
    if (ending.kind === 'vanish') this.vanish(ending.told, ending.resetAfterMs);
    else if (ending.kind === 'close' && ending.side !== 'both')
      (ending.side === 'sender' ? this.other : this).lose(ending.how);
    else if (ending.kind === 'close' && ending.how === 'fin') {
      for (const side of [this, this.other]) {
        side.outgoing.clear();
        side.lose('fin');
      }
    } else this.cut();
  }

  /** The network breaks the connection: both sides are notified, each after a while of its own. */
  cut(): void {
    for (const side of [this, this.other]) {
      side.outgoing.clear();
      side.breakOff('it was cut');
    }
  }

  /**
   * The process of this side died. @param told the machine tells the other side; otherwise it is silent, and answers
   * only once it runs again. @param keepsSent what was written last still leaves.
   */
  abandon(told: boolean, keepsSent: boolean): void {
    if (this.standing !== 'open') return;
    this.standing = 'vanished';
    this.forgetOwner();
    // Once the machine runs again, it knows nothing of the connection.
    if (this.reception === 'takes') this.reception = 'resets';
    this.side.gone();
    if (!keepsSent) this.outgoing.clear();
    if (told) this.outgoing.send('reset');
  }

  /** The request to connect was answered; without an error the connection stands. */
  answer(error?: MoonpoolError): void {
    const { onAnswer } = this;
    this.onAnswer = undefined;
    if (error !== undefined) {
      this.standing = 'closed';
      this.side.gone();
    }
    onAnswer?.(error);
  }

  /** This side alone learns that the connection has ended. The other learns it from the answer to what it sends next. */
  private lose(how: 'fin' | 'rst'): void {
    if (this.standing !== 'open' || this.reception !== 'takes') return;
    if (how === 'fin' && this.onAnswer === undefined) {
      this.arrived.push({ kind: 'end', bytes: NO_BYTES });
      this.scheduleDelivery();
    } else this.breakOff('it was reset');
    this.reception = 'resets';
  }

  /** Nothing gets through any more. @param told this side, as the receiver, or nobody. */
  private vanish(told: 'receiver' | 'nobody', resetAfterMs: number | undefined): void {
    for (const side of [this, this.other]) side.outgoing.clear();
    this.reception = 'silent';
    if (told === 'nobody') this.other.reception = 'silent';
    else this.breakOff('it was reset');
    if (resetAfterMs !== undefined) {
      this.engine.schedule(resetAfterMs, LATE_RESET, undefined, () => this.outgoing.send('reset'));
    }
  }

  private breakOff(why: string): void {
    if (this.standing !== 'open') return;
    const error = new MoonpoolError('CONNECTION_FAILED', {
      message: `The connection ${this.name} broke: ${why}`,
      executed: 'maybe',
      isTraceless: true,
    });
    if (this.onAnswer !== undefined) this.whenAwake(() => this.answer(error));
    else this.close(error);
  }

  /** Tells the owner, unless that never began to listen: then it learns when it does. */
  private close(error?: MoonpoolError): void {
    this.standing = 'closed';
    this.side.gone();
    const { handlers } = this;
    this.forgetOwner();
    this.engine.schedule(0, CLOSE, this.life, () => this.tellClosed(handlers ?? this.handlers, error));
  }

  private tellClosed(handlers: ConnectionHandlers | undefined, error?: MoonpoolError): void {
    if (handlers === undefined) this.closedBeforeStart = { error };
    else {
      this.side.tap.closed(this);
      handlers.onClose(error);
    }
  }

  /** The other side, which may live much longer, must not keep alive what this one belonged to. */
  private forgetOwner(): void {
    this.handlers = undefined;
    this.onAnswer = undefined;
    this.arrived.length = 0;
  }

  /** Does at once what the process notices; when that stands still, as soon as it goes on. */
  private whenAwake(notice: () => void): void {
    if (this.life.isPaused) this.engine.schedule(0, NOTICE, this.life, notice);
    else notice();
  }

  private closeWhenBothEnded(): void {
    if (this.hasEnded && this.otherHasEnded && this.standing === 'open') this.close();
  }

  private scheduleDelivery(): void {
    if (this.deliveryScheduled) return;
    this.deliveryScheduled = true;
    this.engine.schedule(0, DELIVER, this.life, () => {
      this.deliveryScheduled = false;
      this.deliver();
    });
  }

  /** Delivers one segment, and the next in an event of its own. */
  private deliver(): void {
    const { handlers } = this;
    if (handlers === undefined) return;
    if (this.closedBeforeStart !== undefined) {
      const { error } = this.closedBeforeStart;
      this.closedBeforeStart = undefined;
      this.side.tap.closed(this);
      handlers.onClose(error);
      return;
    }
    const segment = this.paused ? undefined : this.arrived.shift();
    if (segment === undefined) return;
    if (this.arrived.length > 0) this.scheduleDelivery();
    if (segment.kind === 'end') {
      this.otherHasEnded = true;
      this.side.tap.ended(this.other);
      handlers.onEnd?.();
      this.closeWhenBothEnded();
    } else {
      this.other.taken(segment.bytes.length);
      this.side.tap.taken(this.other, segment.bytes, segment.isDamaged === true);
      handlers.onData(segment.bytes);
    }
  }

  /** The other side took bytes out of the way. */
  private taken(bytes: number): void {
    this.unread -= bytes;
    if (!this.wantsDrain || this.unread >= this.side.sendBufferBytes || this.standing !== 'open') return;
    this.wantsDrain = false;
    this.engine.schedule(0, DRAIN, this.life, () => {
      if (this.standing === 'open') this.handlers?.onDrain?.();
    });
  }
}
