import type { OpenFile } from '../../providers/node/open-file';
import { packError } from '../../serialization/error-codec';
import type { CommitOutcome } from '../../storage/state-commit';
import { runBatch, tidyUp, type BatchedDatabase, type BatchOutcome } from './sqlite-batch';
import type { SqliteDurability } from './sqlite-durability';
import { sqliteFailure } from './sqlite-failure';
import type { SqliteBatch, SqliteThreadMessage, ToldOutcome } from './sqlite-messages';
import { unpackBatch, type PackedBatch } from './sqlite-packed-batch';

/** An open database, and what is done with it. */
export interface ServedDatabase extends BatchedDatabase {
  /** The file, and that beside it without which it means nothing. */
  readonly files: readonly OpenFile[];
}

/** How many operations share a transaction at most, so that others have the lock too. */
const MOST_TOGETHER = 512;

/**
 * Runs batches, and what has come while the lock of the file was waited for with them, in one transaction: the longer others have the lock, the more goes together.
 * Each batch is answered by itself, in the order in which it came.
 */
export class SqliteGroup {
  constructor(
    private readonly served: ServedDatabase,
    private readonly durability: SqliteDurability,
    private readonly say: (message: SqliteThreadMessage) => void,
  ) {}

  /** @param next what has come meanwhile. */
  run(first: PackedBatch, next: () => PackedBatch | undefined): void {
    const batches: SqliteBatch[] = [unpackBatch(first)];
    let size = first.operations.length;
    const more = (): SqliteBatch => {
      const joined: SqliteBatch[] = [];
      for (let packed; size < MOST_TOGETHER && (packed = next()) !== undefined; size += packed.operations.length)
        joined.push(unpackBatch(packed));
      batches.push(...joined);
      return joined.flat();
    };
    try {
      this.durability.require();
      this.answer(batches, runBatch(this.served, batches[0] as SqliteBatch, more));
    } catch (error) {
      for (const _ of batches) this.durability.afterNothing(() => this.fail(error));
    }
    this.durability.tellNext();
    tidyUp(this.served);
  }

  private answer(batches: readonly SqliteBatch[], outcomes: readonly BatchOutcome[]): void {
    let from = 0;
    for (const batch of batches) {
      const own = outcomes.slice(from, (from += batch.length));
      this.durability.after(batch, own, (error) => (error === null ? this.tell(own) : this.fail(error)));
    }
  }

  private tell(outcomes: readonly BatchOutcome[]): void {
    try {
      // Looked at afterwards: what went into a file that nobody will open again is told to nobody as done.
      for (const file of this.served.files) file.require();
      this.say({ kind: 'outcomes', outcomes: outcomes.map(toldOutcome) });
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.say({ kind: 'failed', error: packError(sqliteFailure(error, this.served.file)) });
  }
}

function toldOutcome(outcome: BatchOutcome): ToldOutcome {
  if ('error' in outcome) return { error: packError(outcome.error) };
  const { kind, version } = (outcome.answer ?? {}) as Partial<Extract<CommitOutcome, { readonly version: number }>>;
  return kind === 'accepted' && version !== undefined ? version : outcome;
}
