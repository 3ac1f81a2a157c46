import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';
import { outsideText } from '../errors/outside-text';
import type { HandlerDescriptor } from './actor-descriptor';
import { ownWork } from './own-work';

/** The answer to a call of a handler that the actor does not have. */
export function unknownHandler(method: string, path: string, known: readonly string[]): MoonpoolError {
  const meant = nearestName(method, known);
  const hint = meant === undefined ? `it has ${known.join(', ')}` : `did you mean '${meant}'?`;
  return new MoonpoolError('UNKNOWN_HANDLER', {
    message: `The actor ${path} has no handler '${outsideText(method)}'; ${hint}`,
  });
}

/** A handler of which its name is known, and whose arguments have the form already in which they are sent. */
export function handlerByName(method: string): HandlerDescriptor {
  return ownWork(method, () => undefined);
}
