import type { Request } from '../calls/request';
import { RefusalReason } from '../calls/turn-refusal';
import type { Mailbox } from './mailbox';
import type { TurnLoopOwner, TurnLoopParts } from './turn-owner';

/** What becomes of a request that finds the mailbox of its actor full: it takes the place of one that waits, or is refused. */
export class MailboxRoom {
  constructor(
    private readonly mailbox: Mailbox,
    private readonly capacity: number,
    private readonly owner: Pick<TurnLoopOwner, 'target' | 'descriptor'>,
    private readonly parts: Pick<TurnLoopParts, 'time' | 'turnCounters' | 'refusals'>,
  ) {}

  /** True when the request may be added all the same. */
  makeRoom(request: Request): boolean {
    const { mailbox } = this;
    // A timer has one tick at a time, so its ticks cannot fill anything.
    if (request.work !== undefined) return true;
    if (mailbox.dropExpired(this.parts.time.now()) > 0) return true;
    this.parts.turnCounters.overflowed.value++;
    const isOldestDropped = this.owner.descriptor.options.overflow === 'drop-oldest' && mailbox.length > 0;
    const dropped = isOldestDropped ? mailbox.take() : request;
    this.note(isOldestDropped ? 'the oldest' : 'the newest');
    const reason = isOldestDropped ? RefusalReason.dropped : RefusalReason.mailboxFull;
    dropped?.reply.refuse({ reason, amount: this.capacity });
    return isOldestDropped;
  }

  private note(dropped: string): void {
    const { path } = this.owner.target;
    const fields = { actor: path, capacity: this.capacity, dropped };
    this.parts.refusals.note('a mailbox was full', path, () => ({ fields }));
  }
}
