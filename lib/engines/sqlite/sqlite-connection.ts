import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Deferred } from '../../concurrency/deferred';
import { MoonpoolError } from '../../errors/moonpool-error';
import { companionFile } from '../../providers/node/companion-file';
import { unpackError } from '../../serialization/error-codec';
import { sqliteFailure } from './sqlite-failure';
import type { SqliteThreadData, SqliteThreadMessage } from './sqlite-messages';
import { packBatch } from './sqlite-packed-batch';
import { URGENT_OPERATIONS, type AskedOperation, type SqliteExecutor } from './sqlite-operations';

/** How many operations share a transaction at most: enough to make a sync cheap, few enough that two batches can overlap. */
const MAX_BATCH = 128;
/** How many batches are under way: while one is synced, the thread writes another, and this side works on the answers of a third. */
const MAX_IN_FLIGHT = 3;
/** How many operations may wait; beyond that they are refused. */
const MAX_WAITING = 100_000;

interface WaitingOperation extends AskedOperation {
  readonly answer: Deferred<unknown>;
}

/**
 * The way of one process to its database: a thread that owns it, so that no sync to the disk blocks the event loop.
 * While one batch is being committed the next one gathers, and all of it shares the next commit: the more waits, the
 * cheaper each write becomes.
 */
export class SqliteConnection implements SqliteExecutor {
  /** Looked for once: a file that is missing is reported when the node starts, not when a thread has to be replaced. */
  private readonly threadFile = companionFile(__dirname, 'lib/engines/sqlite/sqlite-thread.js');
  private thread: Worker | undefined;
  private opened = new Deferred<void>();
  private waiting: WaitingOperation[] = [];
  private readonly inFlight: (readonly WaitingOperation[])[] = [];
  private isSendScheduled = false;
  private closed: Deferred<void> | undefined;

  private readonly setting: SqliteThreadData;

  constructor(setting: SqliteThreadData) {
    // The working directory may change before the thread is opened again.
    this.setting = { ...setting, file: resolve(setting.file) };
  }

  /**
   * Opens the file, and makes its tables if it is new.
   * @throws MoonpoolError MISSING_PACKAGE, STORAGE_TOO_NEW, STORAGE_UNAVAILABLE, STORAGE_CORRUPT, STORAGE_READ_ONLY, STORAGE_FULL
   */
  async start(): Promise<void> {
    this.openThread();
    await this.opened.promise;
  }

  /** Waits for all operations, then closes the file. */
  async stop(): Promise<void> {
    this.closed = new Deferred();
    this.closeWhenIdle();
    await this.closed.promise;
  }

  /**
   * Runs the operation in the next transaction; resolves when that is durable.
   * @throws MoonpoolError STORAGE_UNAVAILABLE, STORAGE_CORRUPT, STORAGE_READ_ONLY, STORAGE_FULL, STORAGE_REPLACED
   */
  run(name: string, args: readonly unknown[]): Promise<unknown> {
    if (this.closed !== undefined || this.waiting.length >= MAX_WAITING) {
      const why = this.closed === undefined ? `${MAX_WAITING} operations wait already` : 'it is closed';
      return Promise.reject(unavailable(`The database ${this.setting.file} refused ${name}: ${why}`, 'no'));
    }
    const operation = { name, args, answer: new Deferred<unknown>() };
    this.waiting.push(operation);
    this.scheduleSend();
    return operation.answer.promise;
  }

  /** What is asked in one turn of the event loop goes together. */
  private scheduleSend(): void {
    if (this.isSendScheduled || this.inFlight.length >= MAX_IN_FLIGHT) return;
    this.isSendScheduled = true;
    queueMicrotask(() => {
      this.isSendScheduled = false;
      this.send();
    });
  }

  private send(): void {
    while (this.inFlight.length < MAX_IN_FLIGHT && this.waiting.length > 0) {
      if (this.thread === undefined) this.openThread();
      const batch = this.takeBatch();
      this.inFlight.push(batch);
      const packed = packBatch(batch);
      this.thread?.postMessage(packed, [packed.bytes.buffer as ArrayBuffer]);
    }
  }

  private takeBatch(): readonly WaitingOperation[] {
    const urgent = this.waiting.filter(({ name }) => URGENT_OPERATIONS.has(name));
    if (urgent.length > 0)
      this.waiting = [...urgent, ...this.waiting.filter(({ name }) => !URGENT_OPERATIONS.has(name))];
    return this.waiting.splice(0, MAX_BATCH);
  }

  private openThread(): void {
    const thread = new Worker(this.threadFile, { workerData: this.setting, name: 'moonpool-sqlite' });
    this.thread = thread;
    thread.on('message', (message: SqliteThreadMessage) => this.onMessage(message));
    thread.on('error', (error) => this.onThreadEnded(thread, error));
    thread.on('exit', () => this.onThreadEnded(thread, undefined));
  }

  private onMessage(message: SqliteThreadMessage): void {
    switch (message.kind) {
      case 'open':
        this.opened.resolve();
        break;
      case 'outcomes':
        this.settle(({ answer }, index) => {
          const outcome = message.outcomes[index];
          if (typeof outcome === 'number') answer.resolve({ kind: 'accepted', version: outcome });
          else if (outcome === undefined || 'error' in outcome) answer.reject(unpackError(outcome?.error));
          else answer.resolve(outcome.answer);
        });
        break;
      case 'failed':
        this.onFailure(message.error);
    }
  }

  private onFailure(record: unknown): void {
    const error = sqliteFailure(unpackError(record), this.setting.file);
    this.opened.reject(error);
    this.opened.promise.catch(() => undefined);
    this.settle((operation) => operation.answer.reject(error));
  }

  private settle(settleOne: (operation: WaitingOperation, index: number) => void): void {
    // The thread answers in the order in which it is asked.
    this.inFlight.shift()?.forEach(settleOne);
    this.scheduleSend();
    this.closeWhenIdle();
  }

  /** The thread died: what it was doing has an unknown fate, and the next operation opens a new one. */
  private onThreadEnded(thread: Worker, error: Error | undefined): void {
    if (this.thread !== thread) return;
    this.thread = undefined;
    if (this.closed !== undefined && this.inFlight.length === 0) {
      this.closed.resolve();
      return;
    }
    const failure = unavailable(`The thread of the database ${this.setting.file} ended`, 'maybe', error);
    this.opened.reject(failure);
    this.opened.promise.catch(() => undefined);
    for (const batch of this.inFlight.splice(0)) for (const { answer } of batch) answer.reject(failure);
    this.scheduleSend();
    this.closeWhenIdle();
  }

  private closeWhenIdle(): void {
    if (this.closed === undefined || this.inFlight.length > 0 || this.waiting.length > 0) return;
    if (this.thread === undefined) this.closed.resolve();
    else this.thread.postMessage('close');
  }
}

function unavailable(message: string, executed: 'no' | 'maybe', cause?: unknown): MoonpoolError {
  return new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed, cause });
}
