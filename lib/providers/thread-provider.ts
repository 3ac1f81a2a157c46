import { token } from '../injection/token';
import type { BlockingJobs } from './blocking-jobs';

/** A thread that runs jobs, one at a time. */
export interface BlockingThread {
  /** False when it has died or was closed: it runs nothing any more. */
  readonly isAlive: boolean;
  /**
   * Runs a job. Fails with what the job throws, and with nothing that a job before it has left behind. @throws MoonpoolError WORKER_DIED when the thread dies before the job is over,
   * UNSERIALIZABLE_VALUE when the input cannot be copied (`executed` no) or the result cannot (`yes`)
   */
  run(job: string, input: unknown): Promise<unknown>;
  /** Ends the thread, with whatever it does. */
  close(): Promise<void>;
}

/** Threads for work that would hold up the event loop. */
export interface ThreadProvider {
  /** How many threads can be busy at once. */
  readonly parallelism: number;
  /**
   * Starts a thread that loads the file of the jobs.
   * @param name for people. @param onStray is told of each message from the thread that is not the outcome of the job that it runs.
   */
  open(name: string, jobs: BlockingJobs, onStray: () => void): BlockingThread;
}
export const ThreadProvider = token<ThreadProvider>('ThreadProvider');
