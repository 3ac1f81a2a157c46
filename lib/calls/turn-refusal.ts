import { MoonpoolError } from '../errors/moonpool-error';

/** Why a node starts no turn for a call; the numbers are those of the wire. */
export const RefusalReason = {
  /** As many calls wait on the node as may. */
  nodeFull: 1,
  /** What waits on the node would have let it begin too late. */
  nodeBusy: 2,
  /** What waits for the actor would have let it begin too late. */
  actorBusy: 3,
  /** As many calls wait for the actor as may. */
  mailboxFull: 4,
  /** A newer call took its place among those that wait for the actor. */
  dropped: 5,
  /** It waited until its deadline. */
  expired: 6,
  /** It came behind its deadline. */
  late: 7,
  /** The process of the caller is so far behind that it could not read the answer in time; said by that process alone. */
  callerBusy: 8,
} as const;
export type RefusalReason = (typeof RefusalReason)[keyof typeof RefusalReason];

/**
 * A node's answer to a call that it did not start and never will, and that nobody else need be asked. It is no error yet: where
 * there is more to do than can be done, refusing must cost far less than doing, so the caller's side alone makes one of it.
 */
export interface TurnRefusal {
  readonly reason: RefusalReason;
  /** With `nodeFull`, `mailboxFull` and `dropped` the limit; otherwise milliseconds: how long the wait would be, or how late it was. */
  readonly amount: number;
}

const NOT_STARTED = 'It never will be started, so it may be repeated; or give it more time with $with({ timeoutMs }).';

/** The error of a call that was refused. @param call names it, with its actor. */
export function refusalError(call: string, { reason, amount }: TurnRefusal): MoonpoolError {
  switch (reason) {
    case RefusalReason.nodeFull:
      return overloaded(
        `${call} was refused: ${amount} calls wait on its node, and the limit of activation.maxWaiting is ${amount}`,
      );
    case RefusalReason.nodeBusy:
      return overloaded(
        `${call} was refused: its node has so much to do that it would have waited about ${Math.round(amount)} ms`,
      );
    case RefusalReason.actorBusy:
      return overloaded(
        `${call} was refused: so much waits for its actor that it would have waited about ${Math.round(amount)} ms`,
      );
    case RefusalReason.mailboxFull:
      return new MoonpoolError('MAILBOX_FULL', {
        message: `${call} found the mailbox full: it holds ${amount}`,
        isTraceless: true,
      });
    case RefusalReason.dropped:
      return new MoonpoolError('MAILBOX_FULL', {
        message: `${call} was dropped for a newer one: the mailbox holds ${amount}`,
        isTraceless: true,
      });
    case RefusalReason.expired:
      return tooLate(`${call} waited in the mailbox until its deadline, ${Math.round(amount)} ms ago`);
    case RefusalReason.callerBusy:
      return overloaded(
        `${call} was not sent: this process is ${Math.round(amount)} ms behind with what it has to do, and more calls wait for answers than it can read in time`,
      );
    case RefusalReason.late:
      return tooLate(`${call} came to its node ${Math.round(amount)} ms behind its deadline`);
  }
}

/** True when the wait was for what the node has to do, and not for one actor. */
export function isOfNode({ reason }: TurnRefusal): boolean {
  return reason === RefusalReason.nodeBusy || reason === RefusalReason.nodeFull;
}

function overloaded(message: string): MoonpoolError {
  return new MoonpoolError('NODE_OVERLOADED', { message, isTraceless: true });
}

function tooLate(message: string): MoonpoolError {
  return new MoonpoolError('CALL_TIMEOUT', { message, remedy: NOT_STARTED, isTraceless: true });
}
