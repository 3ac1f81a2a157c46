import { byBytes } from './byte-order';

/**
 * Whether that can be a page of what is asked for: a list, each item of which has a name, behind the place where it is to begin.
 * One that does not go on would be read without end.
 */
export function isPage(names: readonly unknown[], isLast: unknown, after: string | undefined): boolean {
  if (typeof isLast !== 'boolean' || !names.every((name) => typeof name === 'string')) return false;
  const [first] = names as readonly string[];
  return first === undefined || after === undefined || byBytes(first, after) > 0;
}
