import { isMoonpoolError } from './moonpool-error';

/** How our own sentences begin: within another one such a word is small. */
const BEGINNING = /^(?:A|An|The|No|None|Nobody|Nothing|It|Its|Argument|Received) /;

/** What an error says, as a part of another error's sentence: without its code, its remedy and its capital letter. */
export function reasonOf(error: unknown): string {
  if (!isMoonpoolError(error)) return error instanceof Error ? error.message : String(error);
  const { detail } = error;
  return BEGINNING.test(detail) ? `${detail.charAt(0).toLowerCase()}${detail.slice(1)}` : detail;
}
