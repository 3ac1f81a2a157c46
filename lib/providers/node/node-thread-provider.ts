import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Deferred } from '../../concurrency/deferred';
import { MoonpoolError } from '../../errors/moonpool-error';
import type { BlockingJobs } from '../blocking-jobs';
import type { BlockingThread, ThreadProvider } from '../thread-provider';
import { companionFile } from './companion-file';
import type { JobOrder, JobReport } from './blocking-thread';

/** Threads of Node.js. One that has nothing to do does not keep its process alive. */
export class NodeThreadProvider implements ThreadProvider {
  readonly parallelism = availableParallelism();

  open(name: string, jobs: BlockingJobs): BlockingThread {
    return new NodeBlockingThread(name, jobs);
  }
}

class NodeBlockingThread implements BlockingThread {
  private readonly worker: Worker;
  private answer: Deferred<unknown> | undefined;
  private cause: unknown;
  private isOver = false;

  constructor(
    private readonly name: string,
    private readonly jobs: BlockingJobs,
  ) {
    this.worker = new Worker(companionFile(__dirname, 'lib/providers/node/blocking-thread.js'), {
      workerData: { file: jobs.file },
      name,
    });
    this.worker.on('message', (report: JobReport) => this.onReport(report));
    this.worker.on('error', (error) => (this.cause = error));
    this.worker.on('exit', (code) => this.onExit(code));
    this.worker.unref();
  }

  get isAlive(): boolean {
    return !this.isOver;
  }

  async run(job: string, input: unknown): Promise<unknown> {
    // An unknown job is told before a thread is troubled with it.
    this.jobs.job(job);
    if (this.isOver) throw this.death('has ended');
    const lost = this.jobs.packing.lostOf(input);
    if (lost !== undefined)
      throw uncopied(`The input of the job ${job} cannot be copied to a thread: it holds ${lost}`);
    try {
      this.worker.postMessage({ job, input } satisfies JobOrder);
    } catch (error) {
      throw uncopied(`The input of the job ${job} cannot be copied to a thread`, error);
    }
    this.answer = new Deferred<unknown>();
    this.worker.ref();
    return this.answer.promise;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private onReport(report: JobReport): void {
    const { answer } = this;
    this.answer = undefined;
    this.worker.unref();
    if (report.kind === 'result') answer?.resolve(report.value);
    else if (report.kind === 'error') answer?.reject(this.jobs.packing.unpack(report.error));
    else
      answer?.reject(
        uncopied(`The result of a job of ${this.name} cannot be copied from its thread: ${report.reason}`),
      );
  }

  private onExit(code: number): void {
    this.isOver = true;
    this.answer?.reject(this.death(`ended with code ${code}`));
    this.answer = undefined;
  }

  private death(how: string): MoonpoolError {
    return new MoonpoolError('WORKER_DIED', {
      message: `The thread ${this.name} ${how} before its job was over`,
      executed: 'maybe',
      cause: this.cause,
    });
  }
}

function uncopied(message: string, cause?: unknown): MoonpoolError {
  const remedy = 'Give jobs plain data, and have them return such.';
  return new MoonpoolError('UNSERIALIZABLE_VALUE', { message, cause, remedy });
}
