import { MoonpoolError } from '../errors/moonpool-error';

/** A number that was typed behind an option of a command. @throws MoonpoolError INVALID_OPTION unless it is whole and above 0. */
export function parseCount(name: string, text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count > 0 && Number.isSafeInteger(count)) return count;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `${name} is '${text}'`,
    remedy: 'Give a whole number above 0.',
  });
}
