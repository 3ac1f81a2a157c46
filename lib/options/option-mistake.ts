import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';

/** What is wrong with options that somebody gave: a sentence without its full stop, and what to do where that is known. */
export interface OptionMistake {
  readonly message: string;
  readonly remedy?: string;
}

/** The options that a mistake was found in. */
export interface OptionPlace {
  /** Who was given them, as a user writes it: `ActorRuntime.start`, `@Actor of Cart`. */
  readonly door: string;
  /** Of a group, the path from the door to it; the empty string for the options themselves. */
  readonly path: string;
}

/** There is no option of that name: probably one that does exist was meant. */
export function unknownOption({ door, path }: OptionPlace, name: string, known: readonly string[]): OptionMistake {
  const meant = nearestName(name, known);
  const options = path === '' ? `The options of ${door}` : `The options of ${path}`;
  return {
    message: `There is no option ${pathTo(path, name)} of ${door}${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
    remedy: known.length === 0 ? `${door} has no options.` : `${options} are ${known.join(', ')}.`,
  };
}

/** The option has a value that cannot work. @param isSecret the value is then not quoted. */
export function wrongOption(
  { door, path }: OptionPlace,
  wanted: string,
  found: unknown,
  isSecret = false,
): OptionMistake {
  const given = isSecret ? kindOf(found) : describeValue(found);
  if (path === '') return { message: `${door} takes ${wanted}; ${given} was given` };
  return { message: `The option ${path} of ${door} must be ${wanted}; ${given} was given` };
}

/** The error for the mistakes, all of them; undefined when there are none. */
export function invalidOptions(mistakes: readonly OptionMistake[]): MoonpoolError | undefined {
  const [first, ...others] = mistakes;
  if (first === undefined) return undefined;
  if (others.length === 0) return new MoonpoolError('INVALID_OPTION', first);
  const list = mistakes.map((mistake) => `\n  - ${sentenceOf(mistake)}`).join('');
  return new MoonpoolError('INVALID_OPTION', {
    message: `${mistakes.length} options cannot work:${list}\n`,
    remedy: 'Correct each of them.',
  });
}

/** The mistake as a line of a list. */
export function sentenceOf({ message, remedy }: OptionMistake): string {
  const ended = /[.?]$/.test(message) ? message : `${message}.`;
  return remedy === undefined ? ended : `${ended} ${remedy}`;
}

/** The path of something within a group. */
export function pathTo(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : `a value of type ${typeof value}`;
}
