import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MoonpoolError } from '../../lib/errors/moonpool-error';

/** What a campaign over all simulations was asked for. */
export interface CampaignOrder {
  /** How many seeds of each test. */
  readonly count: number;
  /** The first seed. */
  readonly from: number;
  /** How many threads. */
  readonly jobs: number;
  /** Only tests whose `Class method` contains this text. */
  readonly only: string;
}

const DEFAULT_COUNT = 100;

export const USAGE = 'npm run simulate:all -- [COUNT] [--from SEED] [--jobs THREADS] [--only TEXT]';

/** Reads what follows `npm run simulate:all --`. @param clockSeed the first seed unless one is given. @throws MoonpoolError INVALID_OPTION */
export function readOrder(args: readonly string[], clockSeed: number): CampaignOrder {
  const { values, positionals } = parseOptions(args);
  const [count, ...more] = positionals;
  if (more.length > 0) throw usage(`${more.join(' ')} follows the count`);
  return {
    count: count === undefined ? DEFAULT_COUNT : wholeNumber('COUNT', count, 1),
    from: values.from === undefined ? clockSeed : wholeNumber('--from', values.from, 0),
    jobs: values.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', values.jobs, 1),
    only: values.only ?? '',
  };
}

/** The command that does the same again. */
export function repeatCommand({ count, from, only }: CampaignOrder): string {
  return `npm run simulate:all -- ${count} --from ${from}${only === '' ? '' : ` --only '${only}'`}`;
}

function parseOptions(args: readonly string[]): {
  readonly values: { readonly from?: string; readonly jobs?: string; readonly only?: string };
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { from: { type: 'string' }, jobs: { type: 'string' }, only: { type: 'string' } },
    });
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause));
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw usage(`${name} is '${text}', which is no whole number from ${least} on`);
}

function usage(found: string): MoonpoolError {
  return new MoonpoolError('INVALID_OPTION', { message: found, remedy: `Write ${USAGE}.` });
}
