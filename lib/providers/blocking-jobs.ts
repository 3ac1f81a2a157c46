import { MoonpoolError } from '../errors/moonpool-error';

/** Work that occupies a thread: a function of plain data, without anything else of the program. */
export type BlockingJob = (input: never) => unknown;

/** Named jobs. */
export type BlockingJobTable = Readonly<Record<string, BlockingJob>>;

/** How long the jobs take. */
export interface BlockingJobsOptions {
  /** How long a job takes in a simulation, about, in milliseconds: between half of it and twice. Default: 20. */
  readonly typicalMs?: number;
}

/** The jobs of a file, made by {@link blockingJobs}. */
export class BlockingJobs<Table extends BlockingJobTable = BlockingJobTable> {
  constructor(
    readonly file: string,
    readonly table: Table,
    readonly typicalMs: number,
  ) {}

  /** The job of this name. @throws MoonpoolError INVALID_OPTION */
  job(name: string): (input: unknown) => unknown {
    if (!Object.hasOwn(this.table, name)) {
      throw new MoonpoolError('INVALID_OPTION', { message: `There is no job ${name} in ${this.file}`, remedy: `Name one that it has: ${Object.keys(this.table).join(', ')}.` });
    }
    return this.table[name] as unknown as (input: unknown) => unknown;
  }
}

/**
 * Jobs that the threads of a pool run. The file exports what this returns, once, and each thread loads it:
 * `export const hashing = blockingJobs(__filename, { hash: (text: string) => ... })`. Inputs and results are copied from thread to
 * thread as by `structuredClone`.
 */
export function blockingJobs<Table extends BlockingJobTable>(file: string, table: Table, { typicalMs = 20 }: BlockingJobsOptions = {}): BlockingJobs<Table> {
  return new BlockingJobs(file, table, typicalMs);
}
