import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { reasonOf } from './campaign-simulation';
import type { CampaignTask, TaskDone, TaskOutcome, ThreadMessage } from './campaign-task';

/** A thread whose heap has grown beyond this is replaced after its task: what thousands of runs leave behind ends with it. */
const MOST_HEAP_BYTES = 768 * 1024 * 1024;

/** Where tasks come from and outcomes go to. */
export interface TaskSource {
  /** The next task; undefined when there is none any more. */
  next(): CampaignTask | undefined;
  done(outcome: TaskOutcome): void;
}

/**
 * The threads of a campaign. They live from its beginning to its end, and whichever is free takes the next task, of whatever
 * simulation: none is idle while there is anything to do.
 */
export class CampaignThreads {
  private replaced = 0;

  /** @param file what a thread runs. Default: the worker of campaigns. */
  constructor(
    private readonly jobs: number,
    private readonly file = join(__dirname, 'campaign-worker.js'),
    private readonly mostHeapBytes = MOST_HEAP_BYTES,
  ) {}

  /** How many threads were replaced, because they had grown or had ended. */
  get replacements(): number {
    return this.replaced;
  }

  /** Resolves when the source has no more, and everything that it gave is done. */
  async run(source: TaskSource): Promise<void> {
    await Promise.all(Array.from({ length: this.jobs }, () => this.work(source)));
  }

  private async work(source: TaskSource): Promise<void> {
    let thread: CampaignThread | undefined;
    for (let task = source.next(); task !== undefined; task = source.next()) {
      thread ??= new CampaignThread(this.file);
      const { outcome, heapBytes } = await thread.perform(task);
      source.done(outcome);
      if (heapBytes <= this.mostHeapBytes) continue;
      this.replaced++;
      await thread.end();
      thread = undefined;
    }
    await thread?.end();
  }
}

/** Room for what lives for a part of a run only: with V8's own 48 MB a campaign takes an eighth more processor time. */
const YOUNG_MB = 384;

interface Performed {
  readonly outcome: TaskOutcome;
  /** Infinity when the thread has ended. */
  readonly heapBytes: number;
}

/** One thread, and the task that it is at. */
class CampaignThread {
  private readonly worker: Worker;

  constructor(file: string) {
    this.worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  }

  perform(task: CampaignTask): Promise<Performed> {
    const { worker } = this;
    const failures: { seed: number; reason: string }[] = [];
    const startedAt = performance.now();
    let next = task.from;
    let threw: string | undefined;
    return new Promise<Performed>((resolve) => {
      const settle = (to: number, took: Pick<TaskDone, 'tookMs' | 'comparedMs' | 'heapBytes'>): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        const { heapBytes, tookMs, comparedMs } = took;
        resolve({ outcome: { task: { ...task, to }, wantedTo: task.to, failures, tookMs, comparedMs }, heapBytes });
      };
      const onMessage = (message: ThreadMessage): void => {
        if (isDone(message)) settle(task.to, message);
        else {
          if (message.reason !== undefined) failures.push({ seed: message.seed, reason: message.reason });
          next = message.seed + 1;
        }
      };
      // An error overtakes the messages that were sent before it. When the thread has ended they have all arrived, and the seed
      // is known.
      const onError = (error: unknown): void => void (threw = reasonOf(error));
      const onExit = (code: number): void => {
        const why = threw ?? `exit code ${code}`;
        failures.push({ seed: next, reason: `The thread ended in the middle of this seed, with ${why}` });
        settle(next, { tookMs: performance.now() - startedAt, comparedMs: 0, heapBytes: Number.POSITIVE_INFINITY });
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

function isDone(message: ThreadMessage): message is TaskDone {
  return 'done' in message;
}
