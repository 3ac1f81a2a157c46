import { anything, type OptionKind } from '../options/option-kind';
import { Token } from './token';

/**
 * A list to which modules contribute, in place of one service that the last of them decides: filters, startup tasks, actor
 * classes. It is the token of all that was contributed, in the order of the modules and, within one, of its contributions;
 * nobody's contribution makes an empty list. It has the plural of the name of its contract and stands in the same file:
 *
 * ```ts
 * export interface Greeting { readonly language: string; readonly text: string }
 * export const Greetings = contributions<Greeting>('Greetings');
 * ```
 */
export class ContributionList<T> extends Token<readonly T[]> {
  /** @param accepts what may be contributed, looked at before the node starts. */
  constructor(
    name: string,
    readonly accepts: OptionKind<never>,
    /** Only values: what is contributed decides how the container is made, so that nothing of it may be made by the container. */
    readonly holdsValuesOnly: boolean,
  ) {
    super(name);
  }

  /** For the compiler alone: what one contribution is. */
  declare protected readonly item: T;
}

/** How a {@link ContributionList} looks at what it is given. */
export interface ContributionOptions<T> {
  /** What may be contributed. Default: whatever the compiler lets through. */
  readonly accepts?: OptionKind<T>;
  /** Only values may be contributed, and nothing that is made of other services. Default: false. */
  readonly holdsValuesOnly?: boolean;
}

/** Makes a list to which modules contribute. @param name for messages. */
export function contributions<T>(name: string, options: ContributionOptions<T> = {}): ContributionList<T> {
  return new ContributionList<T>(name, options.accepts ?? anything, options.holdsValuesOnly ?? false);
}
