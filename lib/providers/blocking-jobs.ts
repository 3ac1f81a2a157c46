import { MoonpoolError } from '../errors/moonpool-error';
import { delay } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** Work that occupies a thread: a function of plain data, without anything else of the program. */
export type BlockingJob = (input: never) => unknown;

/** Named jobs. */
export type BlockingJobTable = Readonly<Record<string, BlockingJob>>;

/** How long the jobs take. */
export interface BlockingJobsOptions {
  /** How long a job takes in a simulation, about, in milliseconds: between half of it and twice. Default: 20. */
  readonly typicalMs?: number;
}

export const BLOCKING_JOBS_OPTIONS = optionTable<BlockingJobsOptions>({ typicalMs: delay() });

/** How values and errors go from thread to thread: what a thread copies by itself is not all of them. */
export interface JobPacking {
  /** What was thrown, as plain data. */
  pack(thrown: unknown): unknown;
  unpack(packed: unknown): Error;
  /** What a copy of the value would lose without a word, as a noun; undefined when nothing. */
  lostOf(value: unknown): string | undefined;
}

/** The jobs of a file, made by `blockingJobs`. */
export class BlockingJobs<Table extends BlockingJobTable = BlockingJobTable> {
  constructor(
    readonly file: string,
    readonly table: Table,
    readonly typicalMs: number,
    readonly packing: JobPacking,
  ) {}

  /** The job of this name. @throws MoonpoolError INVALID_OPTION */
  job(name: string): (input: unknown) => unknown {
    if (!Object.hasOwn(this.table, name)) {
      throw new MoonpoolError('INVALID_OPTION', {
        message: `There is no job ${name} in ${this.file}`,
        remedy: `Name one that it has: ${Object.keys(this.table).join(', ')}.`,
      });
    }
    return this.table[name] as unknown as (input: unknown) => unknown;
  }
}
