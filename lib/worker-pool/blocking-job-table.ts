import { leavePromisesIn } from '../concurrency/handed-promises';
import {
  BLOCKING_JOBS_OPTIONS,
  BlockingJobs,
  type BlockingJobsOptions,
  type BlockingJobTable,
} from '../providers/blocking-jobs';
import { lostByClone } from '../serialization/cloned-value';
import { packError, unpackError } from '../serialization/error-codec';

/** By the same codec as errors of actors, so that a job's error arrives as one of an actor does, from a thread or in a simulation. */
const PACKING = { pack: packError, unpack: unpackError, lostOf };

/** What is refused for that is looked at by nobody else, and nobody waits for the promises in it. */
function lostOf(value: unknown): string | undefined {
  const lost = lostByClone(value);
  if (lost !== undefined) leavePromisesIn(value);
  return lost;
}

/**
 * Jobs that the threads of a pool run. The file exports what this returns, once, and each thread loads it:
 * `export const hashing = blockingJobs(__filename, { hash: (text: string) => ... })`. Inputs and results are copied from thread to
 * thread as by `structuredClone`, and refused where that would lose something without a word; errors arrive with name, message, fields and causes, as those of actors do.
 */
export function blockingJobs<Table extends BlockingJobTable>(
  file: string,
  table: Table,
  options: BlockingJobsOptions = {},
): BlockingJobs<Table> {
  BLOCKING_JOBS_OPTIONS.check('blockingJobs', options);
  const { typicalMs = 20 } = options;
  return new BlockingJobs(file, table, typicalMs, PACKING);
}
