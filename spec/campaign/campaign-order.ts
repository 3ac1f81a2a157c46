import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { readWholeNumber } from './whole-number';

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
  /** How many minutes all simulations share, each the same time, in place of the count. */
  readonly budgetMinutes?: number;
  /** The file in which is taken down what was run: what it holds is not run again. */
  readonly resume?: string;
}

const DEFAULT_COUNT = 100;

export const USAGE =
  'npm run simulate:all -- [COUNT | --budget MINUTES] [--from SEED] [--jobs THREADS] [--only TEXT] [--resume FILE]';

/** Reads what follows `npm run simulate:all --`. @param clockSeed the first seed unless one is given. @throws MoonpoolError INVALID_OPTION */
export function readOrder(args: readonly string[], clockSeed: number): CampaignOrder {
  const { values, positionals } = parseOptions(args);
  const [count, ...more] = positionals;
  if (more.length > 0) throw usage(`${more.join(' ')} follows the count`);
  if (count !== undefined && values.budget !== undefined) throw usage('there is a COUNT, and a --budget in its place');
  return {
    count: count === undefined ? DEFAULT_COUNT : wholeNumber('COUNT', count, 1),
    from: values.from === undefined ? clockSeed : wholeNumber('--from', values.from, 0),
    jobs: values.jobs === undefined ? availableParallelism() : wholeNumber('--jobs', values.jobs, 1),
    only: values.only ?? '',
    ...(values.budget === undefined ? {} : { budgetMinutes: wholeNumber('--budget', values.budget, 1) }),
    ...(values.resume === undefined ? {} : { resume: values.resume }),
  };
}

/** The command that does the same again. */
export function repeatCommand({ count, from, only, budgetMinutes }: CampaignOrder): string {
  const size = budgetMinutes === undefined ? String(count) : `--budget ${budgetMinutes}`;
  return `npm run simulate:all -- ${size} --from ${from}${only === '' ? '' : ` --only '${only}'`}`;
}

function parseOptions(args: readonly string[]): {
  readonly values: Readonly<Partial<Record<'from' | 'jobs' | 'only' | 'budget' | 'resume', string>>>;
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        jobs: { type: 'string' },
        only: { type: 'string' },
        budget: { type: 'string' },
        resume: { type: 'string' },
      },
    });
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause));
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  return readWholeNumber({ name, text, least, usage: USAGE });
}

function usage(found: string): MoonpoolError {
  return new MoonpoolError('INVALID_OPTION', { message: found, remedy: `Write ${USAGE}.` });
}
