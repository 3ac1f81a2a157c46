import { Deferred } from '../../concurrency/deferred';
import { isMoonpoolError, MoonpoolError } from '../../errors/moonpool-error';
import type { StoreOperation } from '../../providers/store-operations';
import { isCollision, isRefusedStatement, postgresFailure } from './postgres-failure';
import type { PostgresSession } from './postgres-session';
import type { PostgresSessions } from './postgres-sessions';

/** How operations of one kind are done together. */
export interface LaneWork<Asked, Answer> {
  readonly operation: StoreOperation;
  /** Does a batch; an error in place of an answer concerns that operation alone. */
  readonly run: (session: PostgresSession, batch: readonly Asked[]) => Promise<readonly (Answer | MoonpoolError)[]>;
  /** What it changes: no two of one batch may change the same, for a statement changes a row only once. Default: nothing. */
  readonly keysOf?: (asked: Asked) => readonly string[];
  /** How many travel together at most. Default: 512; fewer where each answer may be large. */
  readonly maxBatch?: number;
  /** How many bytes it sends. Default: few. */
  readonly bytesOf?: (asked: Asked) => number;
  /** How many batches may be under way, each on a connection of its own; no two of them change the same. Default: 1. */
  readonly mostUnderWay?: number;
}

/** How many operations travel together at most: those that bring records, and those that send them. */
export const MAX_RECORDS = 128;
const MAX_BATCH = 512;
/** So many must wait that a batch is begun beside another one: fewer are cheaper in the next. */
export const WORTH_BESIDE = 32;
/** How many of those that wait are looked at for a batch. */
const MAX_LOOKED_AT = 4 * MAX_BATCH;
/** How many bytes of records travel together, unless one operation alone has more. */
const MAX_BATCH_BYTES = 4 * 2 ** 20;
/** How many operations may wait; beyond that they are refused. */
const MAX_WAITING = 100_000;
/** How many times a statement is tried that meets others. */
const MAX_COLLISIONS = 5;

interface WaitingOperation<Asked, Answer> {
  readonly asked: Asked;
  readonly answer: Deferred<Answer>;
}

/**
 * The operations of one kind on their way to the database: what is asked while one batch is under way goes together in the next, as one
 * statement over arrays. One connection that groups does more than many that do not, for each commit waits for the disk and each message for the network.
 */
export class PostgresLane<Asked, Answer> {
  private waiting: WaitingOperation<Asked, Answer>[] = [];
  private isBusy = false;
  private isBeginning = false;
  private underWay = 0;
  /** What the batches under way change. */
  private readonly changing = new Set<string>();

  constructor(
    private readonly sessions: PostgresSessions,
    private readonly work: LaneWork<Asked, Answer>,
  ) {}

  /** Resolves when it is done, and durable. @throws MoonpoolError of a code for stores */
  async ask(asked: Asked): Promise<Answer> {
    const { does } = this.work.operation;
    this.sessions.requireOpen(does);
    if (this.waiting.length >= MAX_WAITING) {
      const message = `PostgreSQL could not ${does}: ${MAX_WAITING} operations wait already`;
      throw new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed: 'no' });
    }
    const operation = { asked, answer: new Deferred<Answer>() };
    this.waiting.push(operation);
    if (!this.isBusy) {
      this.isBusy = true;
      this.sessions.enter(does);
    }
    if (!this.isBeginning && this.mayBegin()) {
      this.isBeginning = true;
      // What is asked in one turn of the event loop goes together.
      queueMicrotask(() => this.begin());
    }
    return operation.answer.promise;
  }

  private begin(): void {
    this.isBeginning = false;
    while (this.mayBegin()) {
      const batch = this.takeBatch();
      // Each that waits changes what is being changed.
      if (batch.length === 0) return;
      this.underWay++;
      void this.runTogether(batch).then(() => this.onDone(batch));
    }
  }

  private mayBegin(): boolean {
    const { mostUnderWay = 1 } = this.work;
    return this.waiting.length >= (this.underWay === 0 ? 1 : WORTH_BESIDE) && this.underWay < mostUnderWay;
  }

  private onDone(batch: readonly WaitingOperation<Asked, Answer>[]): void {
    this.underWay--;
    for (const { asked } of batch) for (const key of this.keysOf(asked)) this.changing.delete(key);
    this.begin();
    if (this.underWay > 0) return;
    this.isBusy = false;
    this.sessions.leave();
  }

  private keysOf(asked: Asked): readonly string[] {
    return this.work.keysOf?.(asked) ?? [];
  }

  private async runTogether(batch: readonly WaitingOperation<Asked, Answer>[]): Promise<void> {
    try {
      const answers = await this.attempt(batch.map(({ asked }) => asked));
      for (const [index, { answer }] of batch.entries()) {
        const given = answers[index] as Answer | MoonpoolError;
        if (isMoonpoolError(given)) answer.reject(given);
        else answer.resolve(given);
      }
    } catch (error) {
      // What is wrong with one of them, such as a lock that a stranger holds on its row, is told to that one alone.
      if (isRefusedStatement(error) && batch.length > 1) await this.runEach(batch);
      else this.refuse(batch, error);
    }
  }

  private async runEach(batch: readonly WaitingOperation<Asked, Answer>[]): Promise<void> {
    for (const one of batch) await this.runTogether([one]);
  }

  private async attempt(batch: readonly Asked[]): Promise<readonly (Answer | MoonpoolError)[]> {
    for (let collisions = 1; ; collisions++) {
      try {
        return await this.sessions.use(this.work.operation.does, (session) => this.work.run(session, batch));
      } catch (error) {
        if (!isCollision(error) || collisions === MAX_COLLISIONS) throw error;
      }
    }
  }

  private refuse(batch: readonly WaitingOperation<Asked, Answer>[], error: unknown): void {
    const failure = postgresFailure(error, this.sessions.place, this.work.operation.does);
    for (const { answer } of batch) answer.reject(failure);
  }

  /** As many of those that wait as may travel together, the longest waiting first. */
  private takeBatch(): readonly WaitingOperation<Asked, Answer>[] {
    const { bytesOf, maxBatch = MAX_BATCH } = this.work;
    const batch: WaitingOperation<Asked, Answer>[] = [];
    const left: WaitingOperation<Asked, Answer>[] = [];
    const taken = new Set(this.changing);
    let bytes = 0;
    // Of many that change the same one goes at a time; no more are looked at for that than it is worth.
    for (const operation of this.waiting.slice(0, MAX_LOOKED_AT)) {
      const keys = this.keysOf(operation.asked);
      const size = bytesOf?.(operation.asked) ?? 0;
      const isFull = batch.length === maxBatch || (bytes + size > MAX_BATCH_BYTES && batch.length > 0);
      if (isFull || keys.some((key) => taken.has(key))) left.push(operation);
      else {
        batch.push(operation);
        bytes += size;
        for (const key of keys) this.changing.add(key);
      }
      // Those that change the same stay in the order in which they came.
      for (const key of keys) taken.add(key);
    }
    this.waiting = [...left, ...this.waiting.slice(MAX_LOOKED_AT)];
    return batch;
  }
}
