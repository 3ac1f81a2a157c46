import { ERROR_CATALOGUE, type ErrorCode } from '../errors/catalogue';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { ownError } from '../serialization/error-forms';
import { toTagged } from '../serialization/tagged-value';
import { uncarriedArguments } from '../serialization/uncarried-value';
import type { Call } from './call';

/** These say that a route leads nowhere at present, and nothing about the call: there may be another route, or another node. */
const ROUTE_FAILURES: readonly ErrorCode[] = [
  'NODE_UNREACHABLE',
  'CONNECTION_LOST',
  'CONNECTION_FAILED',
  'CONNECTION_REFUSED',
];

const NODE_IS_GONE = 'Call again when the node is back at its address, or name another one with $on(address).';

export function isRouteFailure(error: unknown): boolean {
  return isMoonpoolError(error) && ROUTE_FAILURES.includes(error.code);
}

/** The error of the route, or of the serializer, as one of the call that was not sent. */
export function routeError(call: Call, cause: unknown): unknown {
  const { method, target, args } = call.request;
  const error = uncarriedArguments(`the call ${method} of ${target.path}`, args, cause, toTagged);
  if (error !== cause || !isMoonpoolError(error)) return error;
  return new MoonpoolError(error.code, {
    message: `${call.describe()} was not sent: ${reasonOf(error)}`,
    remedy: routeRemedy(call, error),
    cause,
  });
}

/** What to do about a route that leads nowhere: actors that live and die with their nodes move nowhere. */
export function routeRemedy({ address }: Pick<Call, 'address'>, { code, remedy }: MoonpoolError): string {
  const isOfCode = code === 'NODE_UNREACHABLE' && remedy === ERROR_CATALOGUE[code].remedy;
  return isOfCode && address !== undefined ? NODE_IS_GONE : remedy;
}

/**
 * Where the actor is could not be learnt. Whatever has become of the question, the call was not made; and what fails in somebody's
 * directory or store must not pass for an error of the handler.
 */
export function searchError(call: Call, cause: unknown): Error {
  const own = ownError(cause, call.describe());
  const isOurs = isMoonpoolError(cause);
  if (isOurs && cause.executed === 'no') return own;
  return new MoonpoolError(isOurs ? cause.code : 'STORAGE_UNAVAILABLE', {
    message: `${call.describe()} was not sent, for it could not be learnt where to: ${reasonOf(cause)}`,
    remedy: isOurs ? cause.remedy : 'Correct what the cause names: what tells where actors are has failed.',
    cause: own,
  });
}

/** An observer lives in a process that has no connection to this node. */
export function observerUnreachable(call: Call): MoonpoolError {
  const message = `${call.describe()} was not sent: the process in which that observer lives has no connection to this node`;
  return new MoonpoolError('NODE_UNREACHABLE', {
    message,
    remedy: 'Nothing, if it has ended; a client that lives connects again within seconds.',
  });
}

/** A static actor is meant that would be in this process, if it hosted any. */
export function staticOnClient(call: Call): MoonpoolError {
  const message = `${call.describe()} was not sent: it is a static actor, of which each node has one, and this process is a client, which hosts none`;
  return new MoonpoolError('INVALID_OPTION', { message, remedy: 'Say which node is meant with $on(address).' });
}
