import { token } from '../injection/token';
import type { BlockingJobs } from './blocking-jobs';

/** A thread that runs jobs, one at a time. */
export interface BlockingThread {
  /** False when it has died or was closed: it runs nothing any more. */
  readonly isAlive: boolean;
  /**
   * Runs a job. Fails with what the job throws. @throws MoonpoolError WORKER_DIED when the thread dies before the job is over,
   * UNSERIALIZABLE_VALUE when the input or the result cannot be copied
   */
  run(job: string, input: unknown): Promise<unknown>;
  /** Ends the thread, with whatever it does. */
  close(): Promise<void>;
}

/** Threads for work that would hold up the event loop. */
export interface ThreadProvider {
  /** How many threads can be busy at once. */
  readonly parallelism: number;
  /** Starts a thread that loads the file of the jobs. @param name for people. */
  open(name: string, jobs: BlockingJobs): BlockingThread;
}
export const ThreadProvider = token<ThreadProvider>('ThreadProvider');
