import type { SqlitePart } from './sqlite-files';
import type { AskedOperation } from './sqlite-operations';

/** What the thread of a database is given when it starts. */
export interface SqliteThreadData {
  /** That of the states, whichever is opened. */
  readonly file: string;
  readonly part: SqlitePart;
  readonly busyTimeoutMs: number;
}

/** Operations to be run in one transaction. */
export type SqliteBatch = readonly AskedOperation[];

/** What became of an operation, as it crosses the threads. A number: a commit was accepted, with this version. */
export type ToldOutcome =
  | number
  | { readonly answer: unknown }
  | { /** Packed by the error codec. */ readonly error: unknown };

/** What the thread says: that it is open, what became of a batch, or that nothing of it was done. */
export type SqliteThreadMessage =
  | { readonly kind: 'open' }
  | { readonly kind: 'outcomes'; readonly outcomes: readonly ToldOutcome[] }
  | { readonly kind: 'failed'; readonly error: unknown };
