import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';
import { outsideText } from '../errors/outside-text';

/** The answer to a call of a handler that the actor does not have. */
export function unknownHandler(method: string, path: string, known: readonly string[]): MoonpoolError {
  const meant = nearestName(method, known);
  const hint = meant === undefined ? `it has ${known.join(', ')}` : `did you mean '${meant}'?`;
  return new MoonpoolError('UNKNOWN_HANDLER', {
    message: `The actor ${path} has no handler '${outsideText(method)}'; ${hint}`,
  });
}
