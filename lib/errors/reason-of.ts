import { isMoonpoolError } from './moonpool-error';
import { messageOf, partOf } from './thrown-value';

/** How our own sentences begin: within another one such a word is small. */
const BEGINNING = /^(?:A|An|The|No|None|Nobody|Nothing|It|Its|Argument|Received) /;

/** What an error says, as a part of another error's sentence: without its code, its remedy and its capital letter. Never throws. */
export function reasonOf(error: unknown): string {
  if (!isMoonpoolError(error)) return messageOf(error);
  const detail = partOf(error, 'detail');
  if (typeof detail !== 'string') return messageOf(error);
  return BEGINNING.test(detail) ? `${detail.charAt(0).toLowerCase()}${detail.slice(1)}` : detail;
}
