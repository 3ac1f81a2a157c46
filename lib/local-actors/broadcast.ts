import { MoonpoolError } from '../errors/moonpool-error';
import { choice, delay } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import { freezeDeep } from '../serialization/frozen-value';
import type { LocalWaitOptions } from './local-handle';

/** Who may receive a {@link Broadcast}: every {@link LocalHandle} is one; a reference to an actor is soon made one. */
export interface BroadcastReceiver<Message> {
  /** Takes the message now, or throws. */
  trySend(message: Message): void;
  /** Resolves when it has taken the message. */
  send(message: Message, options?: LocalWaitOptions): Promise<void>;
  /** True when it takes nothing any more: then it is forgotten. */
  readonly hasEnded?: boolean;
}

/**
 * What becomes of receivers without room: `drop`, they miss the message; `wait`, they get it when they have room, at most so long as
 * `timeoutMs` says; `fail`, they miss it and the publisher is notified by an error.
 */
export type SlowReceiverPolicy = 'drop' | 'wait' | 'fail';

/** How a {@link Broadcast} treats its receivers. */
export interface BroadcastOptions {
  /** Default: `drop`. */
  readonly slow?: SlowReceiverPolicy;
  /** How long one receiver is waited for under `wait`, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
}

export const BROADCAST_OPTIONS = optionTable<BroadcastOptions>({
  slow: choice('drop', 'wait', 'fail'),
  timeoutMs: delay(),
});

/** What became of one message, or of all: how many receivers got it, missed it for want of room, or had ended. */
export interface BroadcastCounts {
  readonly delivered: number;
  readonly missed: number;
  readonly ended: number;
}

/**
 * Tells many receivers the same: one frozen object for all, never a copy. No receiver holds another one back; each gets the messages
 * that it gets in the order of publication.
 */
export class Broadcast<Message> {
  private readonly receivers = new Set<BroadcastReceiver<Message>>();
  private totals: BroadcastCounts = { delivered: 0, missed: 0, ended: 0 };

  constructor(private readonly options: BroadcastOptions = {}) {
    BROADCAST_OPTIONS.check('Broadcast', options);
  }

  /** How many receivers there are. */
  get size(): number {
    return this.receivers.size;
  }

  /** What became of all messages so far. */
  get counts(): BroadcastCounts {
    return this.totals;
  }

  /** Tells the receiver from now on. Returns what ends that. */
  subscribe(receiver: BroadcastReceiver<Message>): () => void {
    this.receivers.add(receiver);
    return () => void this.receivers.delete(receiver);
  }

  /**
   * Freezes the message and tells it to all. Who has room has it when this returns; the promise resolves when it is known what
   * became of the others. @throws MoonpoolError BROADCAST_INCOMPLETE under `fail`; the others have got it all the same
   */
  async publish(message: Message): Promise<BroadcastCounts> {
    const frozen = freezeDeep(message);
    const outcomes = await Promise.all([...this.receivers].map((receiver) => this.tell(receiver, frozen)));
    const counts = countOf(outcomes);
    const { delivered, missed, ended } = this.totals;
    this.totals = {
      delivered: delivered + counts.delivered,
      missed: missed + counts.missed,
      ended: ended + counts.ended,
    };
    if (this.options.slow === 'fail' && counts.missed > 0) {
      const text = `${counts.missed} of ${outcomes.length} receivers of a broadcast had no room for the message`;
      throw new MoonpoolError('BROADCAST_INCOMPLETE', { message: text, executed: counts.delivered > 0 ? 'yes' : 'no' });
    }
    return counts;
  }

  private async tell(receiver: BroadcastReceiver<Message>, message: Message): Promise<keyof BroadcastCounts> {
    const { slow, timeoutMs } = this.options;
    try {
      if (slow === 'wait') await receiver.send(message, timeoutMs === undefined ? {} : { timeoutMs });
      else receiver.trySend(message);
      return 'delivered';
    } catch {
      if (receiver.hasEnded !== true) return 'missed';
      this.receivers.delete(receiver);
      return 'ended';
    }
  }
}

function countOf(outcomes: readonly (keyof BroadcastCounts)[]): BroadcastCounts {
  const counts = { delivered: 0, missed: 0, ended: 0 };
  for (const outcome of outcomes) counts[outcome]++;
  return counts;
}
