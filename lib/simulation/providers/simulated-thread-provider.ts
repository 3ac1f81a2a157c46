import type { Buggify } from '../../chaos/buggify';
import { Deferred } from '../../concurrency/deferred';
import { leavePromisesIn } from '../../concurrency/handed-promises';
import { MoonpoolError, type Executed } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { BlockingJobs } from '../../providers/blocking-jobs';
import type { BlockingThread, ThreadProvider } from '../../providers/thread-provider';
import type { TimeProvider } from '../../providers/time-provider';
import type { RollSequence } from '../random/keyed-rolls';

/** How much longer a job takes that the seed slows down. */
const SLOWED = 50;

/** Threads that are none: a job runs in one go, after the virtual time that it takes. Threads die and jobs are slow as the seed says. */
export class SimulatedThreadProvider implements ThreadProvider {
  readonly parallelism = 2;

  constructor(
    private readonly time: TimeProvider,
    private readonly rolls: RollSequence,
    private readonly buggify: Buggify,
  ) {}

  open(name: string, jobs: BlockingJobs): BlockingThread {
    const { time, rolls, buggify } = this;
    let isAlive = true;
    const closed = new Deferred<void>();
    const death = (): MoonpoolError =>
      new MoonpoolError('WORKER_DIED', {
        message: `The thread ${name} died before its job was over`,
        executed: 'maybe',
      });
    const run = async (job: string, input: unknown): Promise<unknown> => {
      const work = jobs.job(job);
      if (!isAlive) throw death();
      const copied = copy(jobs, input, {
        what: `The input of the job ${job} cannot be copied to a thread`,
        executed: 'no',
      });
      const isSlow = buggify.strikes('blocking-job-is-slow', { strikes: 0.05 });
      const dies = buggify.strikes('blocking-thread-dies', { strikes: 0.05 });
      await Promise.race([closed.promise, time.sleep(jobs.typicalMs * rolls.between(0.5, 2) * (isSlow ? SLOWED : 1))]);
      if (dies) isAlive = false;
      if (!isAlive) throw death();
      const result = await resultOf(jobs, work, copied);
      return copy(jobs, result, {
        what: `The result of the job ${job} cannot be copied from its thread`,
        executed: 'yes',
      });
    };
    return {
      get isAlive() {
        return isAlive;
      },
      run,
      async close() {
        isAlive = false;
        closed.resolve();
      },
    };
  }
}

/** What a job throws goes the same way as from a thread. */
async function resultOf(
  { packing }: BlockingJobs,
  work: (input: unknown) => unknown,
  input: unknown,
): Promise<unknown> {
  try {
    return await work(input);
  } catch (error) {
    throw packing.unpack(packing.pack(error));
  }
}

function copy(
  { packing }: BlockingJobs,
  value: unknown,
  { what, executed }: { readonly what: string; readonly executed: Executed },
): unknown {
  const remedy = 'Give jobs plain data, and have them return such.';
  const lost = packing.lostOf(value);
  if (lost !== undefined)
    throw new MoonpoolError('UNSERIALIZABLE_VALUE', { message: `${what}: it holds ${lost}`, executed, remedy });
  try {
    return structuredClone(value);
  } catch (cause) {
    leavePromisesIn(value);
    const message = `${what}: ${messageOf(cause)}`;
    throw new MoonpoolError('UNSERIALIZABLE_VALUE', { message, executed, cause, remedy });
  }
}
