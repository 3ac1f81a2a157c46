import type { ErrorRecord } from '../../serialization/error-codec';
import type { SqliteOperationName } from './sqlite-operations';

/** What the thread of the database is told when it starts. */
export interface SqliteThreadData {
  readonly file: string;
  readonly busyTimeoutMs: number;
}

/** Operations to be run in one transaction. */
export type SqliteBatch = readonly { readonly name: SqliteOperationName; readonly request: unknown }[];

/** What the thread says: that it is open, what a batch answered, or what failed. */
export type SqliteThreadMessage =
  | { readonly kind: 'open' }
  | { readonly kind: 'answers'; readonly answers: readonly unknown[] }
  | { readonly kind: 'failed'; readonly error: ErrorRecord };
