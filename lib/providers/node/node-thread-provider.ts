import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Deferred } from '../../concurrency/deferred';
import { leavePromisesIn } from '../../concurrency/handed-promises';
import { MoonpoolError, type Executed } from '../../errors/moonpool-error';
import { messageOf, partOf } from '../../errors/thrown-value';
import type { BlockingJobs } from '../blocking-jobs';
import type { BlockingThread, ThreadProvider } from '../thread-provider';
import { companionFile } from './companion-file';
import type { JobOrder, JobOutcome } from './blocking-thread';

/** Threads of Node.js. One that has nothing to do does not keep its process alive. */
export class NodeThreadProvider implements ThreadProvider {
  readonly parallelism = availableParallelism();

  open(name: string, jobs: BlockingJobs, onStray: () => void): BlockingThread {
    return new NodeBlockingThread(name, jobs, onStray);
  }
}

class NodeBlockingThread implements BlockingThread {
  private readonly worker: Worker;
  private answer: Deferred<unknown> | undefined;
  private cause: unknown;
  /** Of the job that it was given last. */
  private number = 0;
  private isOver = false;

  constructor(
    private readonly name: string,
    private readonly jobs: BlockingJobs,
    private readonly onStray: () => void,
  ) {
    this.worker = new Worker(companionFile(__dirname, 'lib/providers/node/blocking-thread.js'), {
      workerData: { file: jobs.file },
      name,
    });
    this.worker.on('message', (message: unknown) => this.onMessage(message));
    this.worker.on('messageerror', (error) => this.onUnreadable(error));
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
      throw uncopied(`The input of the job ${job} cannot be copied to a thread: it holds ${lost}`, 'no');
    try {
      this.worker.postMessage({ number: ++this.number, job, input } satisfies JobOrder);
    } catch (error) {
      leavePromisesIn(input);
      throw uncopied(`The input of the job ${job} cannot be copied to a thread: ${messageOf(error)}`, 'no', error);
    }
    this.answer = new Deferred<unknown>();
    this.worker.ref();
    return this.answer.promise;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  /** Whatever a job has posted comes here too, and may look like anything. */
  private onMessage(message: unknown): void {
    const outcome = partOf(message, 'number') === this.number ? outcomeIn(message) : undefined;
    const answer = outcome === undefined ? undefined : this.takeAnswer();
    if (outcome === undefined || answer === undefined) this.onStray();
    else if (outcome.kind === 'result') answer.resolve(outcome.value);
    else if (outcome.kind === 'error') answer.reject(this.jobs.packing.unpack(outcome.error));
    else
      answer.reject(
        uncopied(`The result of a job of ${this.name} cannot be copied from its thread: ${outcome.reason}`, 'yes'),
      );
  }

  /** It may be the result, so that nobody would answer any more. */
  private onUnreadable(error: Error): void {
    const message = `A message from the thread ${this.name} cannot be read: ${messageOf(error)}`;
    this.onStray();
    this.takeAnswer()?.reject(uncopied(message, 'maybe', error));
  }

  private takeAnswer(): Deferred<unknown> | undefined {
    const { answer } = this;
    this.answer = undefined;
    this.worker.unref();
    return answer;
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

/** Of a message with the number of a job, that which its thread tells. */
function outcomeIn(message: unknown): JobOutcome | undefined {
  const outcome = partOf(message, 'outcome');
  const kind = partOf(outcome, 'kind');
  return kind === 'result' || kind === 'error' || kind === 'uncopied' ? (outcome as JobOutcome) : undefined;
}

function uncopied(message: string, executed: Executed, cause?: unknown): MoonpoolError {
  const remedy = 'Give jobs plain data, and have them return such.';
  return new MoonpoolError('UNSERIALIZABLE_VALUE', { message, executed, cause, remedy });
}
