import type { Question } from '../providers/asked-store';
import { byBytes } from './byte-order';

/**
 * Whether that can be a page of what is asked for: a list, each item of which has a name, behind the place where it is to begin.
 * One that does not go on would be read without end.
 */
function isPage(names: readonly unknown[], isLast: unknown, after: string | undefined): boolean {
  if (typeof isLast !== 'boolean' || !names.every((name) => typeof name === 'string')) return false;
  const [first] = names as readonly string[];
  return first === undefined || after === undefined || byBytes(first, after) > 0;
}

/** Asks for the page behind that place. @param namesOf the names of its items, by which it goes on. */
export function pageBehind<Page extends { readonly isLast: boolean }>(
  asked: Pick<Question<Page>, 'operation' | 'what'>,
  after: string | undefined,
  namesOf: (page: Page) => readonly unknown[],
): Question<Page> {
  return { ...asked, isAnswer: (page) => isPage(namesOf(page), page.isLast, after) };
}
