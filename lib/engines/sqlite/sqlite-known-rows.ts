import type { StateCommit } from '../../storage/state-commit';
import type { ActorHead } from './sqlite-actor-head';

/** How many rows are remembered at most. */
const MOST_KNOWN = 10_000;

/** What a row of an actor was when it was last read or written. */
export interface KnownRow {
  /** Where it is in its table. */
  readonly place: number;
  readonly head: ActorHead;
  /** The seal of what came with version 3; null: it has none. */
  readonly laterSeal: number | null;
  /** What stands for the states in their seal. */
  readonly mark: string;
}

/**
 * The rows that this thread has read or written last, so that a commit need not read its own again. They are what a row may be, and never what it is: whoever writes
 * by them names epoch, version and seal in the very statement, and reads the row when that has found none such.
 */
export class KnownRows {
  private readonly rows = new Map<string, KnownRow>();

  /** The row that the commit replaces, as far as it is known. */
  of({ actor, epoch, version }: StateCommit): KnownRow | undefined {
    const row = this.rows.get(actor);
    return row?.head.epoch === epoch && row.head.version === version ? row : undefined;
  }

  set(row: KnownRow): void {
    const { rows } = this;
    const { actor } = row.head;
    if (rows.size >= MOST_KNOWN && !rows.has(actor))
      for (const [oldest] of rows.entries()) {
        rows.delete(oldest);
        break;
      }
    rows.set(actor, row);
  }

  drop(actor: string): void {
    this.rows.delete(actor);
  }

  clear(): void {
    this.rows.clear();
  }
}
