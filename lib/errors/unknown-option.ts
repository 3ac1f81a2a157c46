import { MoonpoolError } from './moonpool-error';
import { nearestName } from './nearest-name';

/** The error for an option that does not exist: probably one that does was meant. */
export function unknownOption(group: string, name: string, known: readonly string[]): MoonpoolError {
  const meant = nearestName(name, known);
  return new MoonpoolError('INVALID_OPTION', {
    message: `There is no option ${group}.${name}${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
    remedy: `The options of ${group} are ${known.join(', ')}.`,
  });
}
