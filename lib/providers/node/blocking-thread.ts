import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { leavePromisesIn } from '../../concurrency/handed-promises';
import { messageOf } from '../../errors/thrown-value';
import { BlockingJobs } from '../blocking-jobs';

/** What the thread is asked. */
export interface JobOrder {
  /** By which its report is known. */
  readonly number: number;
  readonly job: string;
  readonly input: unknown;
}

/** How a job ended. `uncopied`: the result cannot leave the thread. */
export type JobOutcome =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; /** Packed by the jobs' own packing. */ readonly error: unknown }
  | { readonly kind: 'uncopied'; readonly reason: string };

/** What the thread tells. Its jobs can use the same port, so that the number stands in it of the job that has ended. */
export interface JobReport {
  readonly number: number;
  readonly outcome: JobOutcome;
}

async function serve(file: string): Promise<void> {
  const exported = (await import(file.startsWith('file:') ? file : pathToFileURL(file).href)) as Readonly<
    Record<string, unknown>
  >;
  const jobs = Object.values(exported).find((value): value is BlockingJobs => value instanceof BlockingJobs);
  if (jobs === undefined) throw new Error(`${file} exports nothing that blockingJobs made`);
  parentPort?.on('message', (order: JobOrder) => void run(jobs, order));
}

async function run(jobs: BlockingJobs, { number, job, input }: JobOrder): Promise<void> {
  let outcome: JobOutcome;
  try {
    const value = await jobs.job(job)(input);
    const lost = jobs.packing.lostOf(value);
    outcome = lost === undefined ? { kind: 'result', value } : { kind: 'uncopied', reason: `it holds ${lost}` };
  } catch (error) {
    outcome = { kind: 'error', error: jobs.packing.pack(error) };
  }
  try {
    parentPort?.postMessage({ number, outcome } satisfies JobReport);
  } catch (error) {
    // Those that reject later would end the thread, and with it the job of somebody else.
    leavePromisesIn(outcome);
    const reason = messageOf(error);
    parentPort?.postMessage({ number, outcome: { kind: 'uncopied', reason } } satisfies JobReport);
  }
}

void serve((workerData as { readonly file: string }).file);
