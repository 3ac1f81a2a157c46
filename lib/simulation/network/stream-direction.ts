import type { NodeLife } from '../engine/node-life';
import type { World, WorldEvent } from '../engine/world';
import type { OutgoingStream, SimulatedConnection } from './simulated-connection';
import type { StreamItem } from './stream-item';
import type { Transfer } from './transfer-rule';

/** What a send buffer holds before `write` asks the writer to wait: 64 KiB. */
const SEND_BUFFER_BYTES = 64 * 1024;

/** What a direction asks of the network that it is part of. */
export interface StreamHost {
  readonly world: World;
  /** How often a piece arrives in two. */
  readonly splitProbability: number;
  judgeSend(transfer: Transfer): { readonly kind: 'pass'; readonly ms: number } | { readonly kind: 'cut' };
  isHeldAtArrival(transfer: Transfer): boolean;
  cut(end: SimulatedConnection, why: string): void;
  /** Something arrived for an end that is gone. */
  answerFromNobody(source: SimulatedConnection, sink: SimulatedConnection): void;
  later(life: NodeLife, act: () => void): void;
}

interface QueuedItem {
  readonly item: StreamItem;
  readonly readyAt: number;
}

/**
 * One way of a connection: what is sent arrives in order, each piece not before its own time and not before those sent
 * before it. What cannot be delivered waits and holds up the rest, as in TCP.
 */
export class StreamDirection implements OutgoingStream {
  private queue: QueuedItem[] = [];
  private bufferedBytes = 0;
  private isFull = false;
  private scheduled: WorldEvent | undefined;
  private isDiscarded = false;

  constructor(
    private readonly fabric: StreamHost,
    readonly source: SimulatedConnection,
    readonly sink: SimulatedConnection,
  ) {}

  send(item: StreamItem): boolean {
    const verdict = this.fabric.judgeSend(this.transferOf(item));
    if (verdict.kind === 'cut') {
      this.fabric.cut(this.source, 'it was cut');
      return false;
    }
    for (const piece of this.split(item)) this.queue.push({ item: piece, readyAt: this.fabric.world.now + verdict.ms });
    if (item.kind === 'data') this.bufferedBytes += item.bytes.length;
    this.isFull = this.bufferedBytes > SEND_BUFFER_BYTES;
    this.pump();
    return !this.isFull;
  }

  abort(): void {
    this.discard();
    this.isDiscarded = false;
    this.send({ kind: 'reset' });
  }

  discard(): void {
    this.isDiscarded = true;
    this.queue = [];
    if (this.scheduled !== undefined) this.fabric.world.cancel(this.scheduled);
    this.scheduled = undefined;
  }

  pump(): void {
    const first = this.queue[0];
    if (first === undefined || this.scheduled !== undefined || this.isDiscarded) return;
    const { world } = this.fabric;
    // Not owned by the sender's life: what has left a machine arrives although the machine has died since.
    this.scheduled = world.schedule(undefined, Math.max(0, first.readyAt - world.now), 'transfer', () => {
      this.scheduled = undefined;
      this.arrive();
    });
  }

  private arrive(): void {
    const first = this.queue[0];
    if (first === undefined) return;
    const { item } = first;
    const isHeld = this.fabric.isHeldAtArrival(this.transferOf(item)) || (item.kind !== 'reset' && this.sink.isDeaf && !this.sink.isGone);
    // It stays at the head of the queue until the partition heals or the reader goes on; both pump again.
    if (isHeld) return;
    this.queue.shift();
    this.deliver(item);
    this.pump();
  }

  private deliver(item: StreamItem): void {
    const { sink, source } = this;
    if (item.kind === 'data') this.bufferedBytes -= item.bytes.length;
    if (sink.isGone) {
      if (item.kind !== 'reset') this.fabric.answerFromNobody(source, sink);
      return;
    }
    this.fabric.world.timeline.mixEngineEvent(this.fabric.world.now, item.kind, item.kind === 'data' ? item.bytes.length : 0);
    switch (item.kind) {
      case 'data':
        sink.onData(item.bytes);
        break;
      case 'end':
        sink.onEnd();
        source.onOwnEndDelivered();
        break;
      default:
        sink.onReset('the other side broke it off');
    }
    if (this.isFull && this.bufferedBytes <= SEND_BUFFER_BYTES / 2) {
      this.isFull = false;
      this.fabric.later(source.life, () => source.onDrain());
    }
  }

  /** Now and then a piece arrives in two, for a stream keeps no boundaries. */
  private split(item: StreamItem): readonly StreamItem[] {
    if (item.kind !== 'data' || item.bytes.length < 2) return [item];
    const rolls = this.fabric.world.random.rolls('split', `${this.source.localHost}>${this.sink.localHost}`);
    if (!rolls.happens(this.fabric.splitProbability)) return [item];
    const at = 1 + rolls.below(item.bytes.length - 1);
    return [
      { kind: 'data', bytes: item.bytes.subarray(0, at) },
      { kind: 'data', bytes: item.bytes.subarray(at) },
    ];
  }

  private transferOf(item: StreamItem): Transfer {
    const { source, sink, fabric } = this;
    return {
      from: source.localHost,
      to: sink.localHost,
      kind: item.kind,
      bytes: item.kind === 'data' ? item.bytes.length : 0,
      connection: source.number,
      at: fabric.world.now,
    };
  }
}
