import { isMoonpoolError } from '../errors/moonpool-error';
import { messageOf } from '../errors/thrown-value';
import { wrongOption, type OptionMistake, type OptionPlace } from './option-mistake';

/**
 * What a look at a value finds. A value may refuse to be looked at (a revoked proxy, a getter that throws, a list that is longer than any memory): that is a
 * mistake in it like others, and no fault of the look.
 * @param wanted for messages: what follows "must be". @param isSecret what the value throws is then not quoted.
 */
export function mistakesOf(
  { wanted, isSecret = false }: { readonly wanted: string; readonly isSecret?: boolean | undefined },
  place: OptionPlace,
  value: unknown,
  look: () => readonly OptionMistake[],
): readonly OptionMistake[] {
  try {
    return look();
  } catch (error) {
    // What a kind says by an error of its own names the option already.
    if (isMoonpoolError(error)) throw error;
    const { message, ...more } = wrongOption(place, wanted, value, isSecret);
    const why = isSecret ? '' : ` (${messageOf(error)})`;
    return [{ ...more, message: `${message}, and it does not let itself be looked at${why}` }];
  }
}
