import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { isRefusal } from '../handshake/refusal';

/** The connection is gone: what was sent on it may have arrived. @param whom the other side. */
export function lost(whom: string, why: string, cause?: unknown): MoonpoolError {
  return new MoonpoolError('CONNECTION_LOST', {
    message: `The connection to ${whom} is gone: ${why}`,
    executed: 'maybe',
    cause,
  });
}

/** The connection is gone because of an error; one that says why the handshake was refused speaks for itself. */
export function lossBy(whom: string, error: unknown): MoonpoolError {
  return isRefusal(error)
    ? error
    : lost(whom, isMoonpoolError(error) ? reasonOf(error) : 'a packet could not be handled', error);
}

/**
 * The other side has ended the connection. One that speaks TLS takes a greeting without it for no beginning of TLS, and ends without a word that could be read here.
 * @param isKnown it has said who it is.
 */
export function endedBy(whom: string, isKnown: boolean): MoonpoolError {
  const hint =
    ' before it said who it is, as it does when it speaks TLS and this side does not, or is no process of Moonpool';
  return lost(whom, `the other side closed it${isKnown ? '' : hint}`);
}

/**
 * The handshake took too long. A port that takes connections and says nothing, such as one of a machine that stands still or of another kind of server, is distinguished from
 * one that is slow. @param heardBytes how much the other side has said.
 */
export function lateBy(whom: string, limitMs: number, heardBytes: number): MoonpoolError {
  const silence =
    heardBytes > 0
      ? ''
      : ', and the other side said nothing in that time: it stands still, or is no process of Moonpool';
  return lost(whom, `the handshake took longer than ${limitMs} ms${silence}`);
}
