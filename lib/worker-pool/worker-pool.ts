import { Deferred } from '../concurrency/deferred';
import { onAbort } from '../concurrency/abort-listeners';
import { MoonpoolError } from '../errors/moonpool-error';
import { count } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import type { BlockingJobs, BlockingJobTable } from '../providers/blocking-jobs';
import type { BlockingThread, ThreadProvider } from '../providers/thread-provider';
import type { TimeProvider } from '../providers/time-provider';
import { WAIT_OPTIONS, type LocalWaitOptions } from '../local-actors/local-handle';
import { DEFAULT_LOCAL_OPTIONS, localName } from '../local-actors/local-options';

/** How a {@link WorkerPool} is made. */
export interface WorkerPoolOptions {
  /** The name of its threads, for people. Default: `workers`. */
  readonly name?: string;
  /** How many threads it has at most; each is started when it is first needed. Default: as many as can be busy at once. */
  readonly workers?: number;
  /** How many jobs may wait for a thread. Default: 1,000. */
  readonly queueCapacity?: number;
}

export const POOL_OPTIONS = optionTable<WorkerPoolOptions>({
  name: localName,
  workers: count(1),
  queueCapacity: count(0),
});

/** What a job takes. */
export type JobInput<Job> = Job extends (input: infer Input) => unknown ? Input : never;
/** What a job gives. */
export type JobResult<Job> = Job extends (input: never) => infer Result ? Awaited<Result> : never;

/** What a pool has of the world. */
export interface WorkerPoolParts {
  readonly threads: ThreadProvider;
  readonly time: TimeProvider;
}

interface WaitingJob {
  readonly name: string;
  readonly input: unknown;
  readonly outcome: Deferred<unknown>;
  thread: BlockingThread | undefined;
}

/**
 * Threads for work that would hold up the event loop: hashing, compression, parsing of large things. Made by
 * {@link LocalSystem.workerPool}, with which it ends.
 */
export class WorkerPool<Table extends BlockingJobTable> {
  private readonly name: string;
  private readonly workers: number;
  private readonly capacity: number;
  private readonly waiting = new Set<WaitingJob>();
  private readonly running = new Set<WaitingJob>();
  private readonly idle: BlockingThread[] = [];
  private started = 0;
  private strays = 0;
  private isClosed = false;
  private drained: Deferred<void> | undefined;

  /** @throws MoonpoolError INVALID_OPTION */
  constructor(
    private readonly jobs: BlockingJobs<Table>,
    private readonly parts: WorkerPoolParts,
    options: WorkerPoolOptions = {},
  ) {
    POOL_OPTIONS.check('workerPool', options);
    const {
      name = 'workers',
      workers = parts.threads.parallelism,
      queueCapacity = DEFAULT_LOCAL_OPTIONS.mailboxCapacity,
    } = options;
    this.name = name;
    this.workers = workers;
    this.capacity = queueCapacity;
  }

  /** How many jobs wait for a thread. */
  get queued(): number {
    return this.waiting.size;
  }

  /** How many jobs run. */
  get busy(): number {
    return this.running.size;
  }

  /** How many threads were started so far: more than `workers` when some died. */
  get threadsStarted(): number {
    return this.started;
  }

  /**
   * How many messages came from its threads that were no outcomes of their jobs, and were dropped: a job has posted them by itself,
   * through the `parentPort` of its thread, where nobody listens.
   */
  get strayMessages(): number {
    return this.strays;
  }

  /**
   * Runs the job in a thread and resolves with its result; what it throws is thrown here. A job that takes longer than `timeoutMs`,
   * its wait included, or is cancelled while it runs, is ended with its thread. @throws MoonpoolError WORKER_POOL_FULL, WORKER_DIED,
   * WORKER_POOL_CLOSED, CALL_TIMEOUT, CALL_CANCELLED, UNSERIALIZABLE_VALUE, INVALID_OPTION; `executed` is `no` when no thread got it, and `yes` of a result that cannot be copied
   */
  async run<Name extends keyof Table & string>(
    name: Name,
    input: JobInput<Table[Name]>,
    options: LocalWaitOptions = {},
  ): Promise<JobResult<Table[Name]>> {
    this.jobs.job(name);
    WAIT_OPTIONS.check(`the job ${name}`, options);
    const { timeoutMs = DEFAULT_LOCAL_OPTIONS.timeoutMs, signal } = options;
    if (this.isClosed) throw this.closedError();
    if (signal?.aborted === true)
      throw this.interruption('CALL_CANCELLED', name, 'was cancelled before it began', 'no');
    if (this.running.size >= this.workers && this.waiting.size >= this.capacity) {
      throw new MoonpoolError('WORKER_POOL_FULL', {
        message: `${this.capacity} jobs wait for a thread of the pool ${this.name}, as many as may`,
      });
    }
    const job: WaitingJob = { name, input, outcome: new Deferred(), thread: undefined };
    const cancel = (): void => this.interrupt(job, 'CALL_CANCELLED', 'was cancelled');
    const timer = this.parts.time.schedule(timeoutMs, () =>
      this.interrupt(job, 'CALL_TIMEOUT', `took longer than ${timeoutMs} ms`),
    );
    const release = signal === undefined ? undefined : onAbort(signal, cancel);
    this.waiting.add(job);
    this.dispatch();
    try {
      return (await job.outcome.promise) as JobResult<Table[Name]>;
    } finally {
      timer.cancel();
      release?.();
    }
  }

  /** Takes no more jobs, and ends the threads when those that it has are over. Does not reject. */
  async close({ drain = true }: { readonly drain?: boolean } = {}): Promise<void> {
    this.isClosed = true;
    if (!drain) {
      for (const job of this.waiting) job.outcome.reject(this.closedError());
      this.waiting.clear();
      for (const job of this.running) await job.thread?.close();
    }
    if (this.waiting.size + this.running.size > 0) {
      this.drained ??= new Deferred<void>();
      await this.drained.promise;
    }
    await Promise.all(this.idle.splice(0).map((thread) => thread.close()));
  }

  private dispatch(): void {
    while (this.running.size < this.workers) {
      const [job] = this.waiting;
      if (job === undefined) break;
      this.waiting.delete(job);
      void this.work(job);
    }
    if (this.waiting.size + this.running.size === 0) this.drained?.resolve();
  }

  private async work(job: WaitingJob): Promise<void> {
    this.running.add(job);
    try {
      const thread = this.takeThread();
      job.thread = thread;
      job.outcome.resolve(await thread.run(job.name, job.input));
    } catch (error) {
      job.outcome.reject(error);
    }
    this.running.delete(job);
    if (job.thread?.isAlive === true) this.idle.push(job.thread);
    this.dispatch();
  }

  /** One that died is not used again; in its place another one is started. */
  private takeThread(): BlockingThread {
    for (let thread = this.idle.pop(); thread !== undefined; thread = this.idle.pop())
      if (thread.isAlive) return thread;
    return this.parts.threads.open(`${this.name}-${++this.started}`, this.jobs, () => this.strays++);
  }

  /** Nothing stops a function that runs but the end of its thread. */
  private interrupt(job: WaitingJob, code: 'CALL_TIMEOUT' | 'CALL_CANCELLED', why: string): void {
    const neverRan = this.waiting.delete(job);
    job.outcome.reject(this.interruption(code, job.name, why, neverRan ? 'no' : 'maybe'));
    if (neverRan) this.dispatch();
    else void job.thread?.close();
  }

  private interruption(
    code: 'CALL_TIMEOUT' | 'CALL_CANCELLED',
    job: string,
    why: string,
    executed: 'no' | 'maybe',
  ): MoonpoolError {
    const message = `The job ${job} of the pool ${this.name} ${why}`;
    const remedy = 'Give the job more time with `timeoutMs`, or the pool more `workers`.';
    return new MoonpoolError(code, code === 'CALL_TIMEOUT' ? { message, executed, remedy } : { message, executed });
  }

  private closedError(): MoonpoolError {
    return new MoonpoolError('WORKER_POOL_CLOSED', { message: `The pool ${this.name} was closed` });
  }
}
