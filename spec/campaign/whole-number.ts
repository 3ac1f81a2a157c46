import { MoonpoolError } from '../../lib/errors/moonpool-error';

/** A number as it stands behind an option, and what it may be. */
export interface WrittenNumber {
  /** That of the option. */
  readonly name: string;
  readonly text: string;
  readonly least: number;
  /** Default: the largest whole number that is exact. */
  readonly most?: number;
  /** How the command is written. */
  readonly usage: string;
}

/** The number that was written. @throws MoonpoolError INVALID_OPTION */
export function readWholeNumber({ name, text, least, most = Number.MAX_SAFE_INTEGER, usage }: WrittenNumber): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `${name} is '${text}', which is no whole number ${range}`,
    remedy: `Write ${usage}.`,
  });
}
