import { anyOf, count, flag, mandatory } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** The options of `sqlite`. */
export interface SqliteOptions {
  /**
   * The database file, shared by all processes of the cluster on this machine; made when it does not exist. The members of the cluster are kept
   * beside it, in the same path with `-cluster` behind it.
   */
  readonly file: string;
  /** How long an operation waits while other processes hold the write lock, in milliseconds. Default: 5,000. */
  readonly busyTimeoutMs?: number;
  /**
   * Whether the process of a node that was declared dead is ended (SIGKILL) when it stands still and holds the lock of the file: otherwise nobody
   * can write until it goes on. Only on Linux, only processes of this machine, and never one that runs. Default: true.
   */
  readonly endStoppedHolders?: boolean;
}

export const SQLITE_OPTIONS = optionTable<SqliteOptions>({
  file: mandatory(
    anyOf(
      'the path of a file',
      (value) => typeof value === 'string' && value !== '' && value !== ':memory:' && !value.includes('\0'),
    ),
  ),
  busyTimeoutMs: count(0, 2 ** 31 - 1),
  endStoppedHolders: flag(),
});
