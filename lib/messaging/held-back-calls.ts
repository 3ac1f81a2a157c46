import { describeInvocation, type Invocation } from '../calls/invocation';
import type { MessagingOptions } from '../calls/messaging-options';
import type { PendingCalls } from '../calls/pending-calls';
import { refusalError } from '../calls/turn-refusal';
import { MoonpoolError } from '../errors/moonpool-error';
import type { SenderOrder } from '../ordering/sender-order';
import type { KnownLocations } from '../placement/known-locations';
import type { Restraint } from './restraint';

/** What decides whether a call is made. */
export interface CallSetting {
  readonly order: SenderOrder;
  readonly restraint: Restraint;
  readonly pending: PendingCalls;
  readonly known: KnownLocations;
  readonly options: MessagingOptions;
}

/**
 * The end of a call that is not made, before anything was done for it: too many wait for answers, or whoever is called would most likely
 * refuse it. Undefined for one that is to be made, and for the first of an actor, of which it is not known yet where it goes.
 */
export function heldBack(invocation: Invocation, setting: CallSetting): Promise<never> | undefined {
  const { pending, options, restraint } = setting;
  const isCrowded = pending.size >= options.maxPendingCalls;
  // What a turn waits for has been taken already.
  if (!isCrowded && (invocation.scope !== undefined || !restraint.isActive)) return undefined;
  const error = isCrowded
    ? crowded(describeInvocation(invocation), pending.size, options.maxPendingCalls)
    : refusalOf(invocation, setting);
  return error === undefined ? undefined : refused(error);
}

const settled = Promise.resolve();

/**
 * Rejects a moment later: at once nobody could listen yet, and Node.js notes each error that nobody handles, which takes longer than
 * the rest of refusing.
 */
function refused(error: MoonpoolError): Promise<never> {
  return new Promise((_, reject) => {
    void settled.then(() => reject(error));
  });
}

function refusalOf(invocation: Invocation, { order, restraint, known }: CallSetting): MoonpoolError | undefined {
  const { id, address } = invocation.target;
  const { path } = id;
  const goesTo = address ?? order.locationOf(path)?.address ?? known.addressOf(path);
  const refusal = goesTo === undefined ? undefined : restraint.refusalOf(path, goesTo);
  return refusal === undefined ? undefined : refusalError(describeInvocation(invocation), refusal);
}

function crowded(call: string, waiting: number, limit: number): MoonpoolError {
  return new MoonpoolError('TOO_MANY_PENDING_CALLS', {
    message: `${call} was refused: ${waiting} calls wait for answers, and the limit is ${limit}`,
    isTraceless: true,
  });
}
