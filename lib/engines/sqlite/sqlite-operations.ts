import { MEMBERSHIP_OPERATIONS } from '../../cluster/membership-store';
import { DIRECTORY_OPERATIONS } from '../../directory/actor-directory';
import { STATE_OPERATIONS } from '../../storage/state-storage';
import type { StoreOperation } from '../../providers/store-operations';

/** The operations of the file of the states. */
export const STATES_TABLE = { ...STATE_OPERATIONS, ...DIRECTORY_OPERATIONS };

/** Those of the file of the members. Each is told first whose members are meant, for several clusters may share one. */
export const MEMBERS_TABLE = MEMBERSHIP_OPERATIONS;

const ALL: readonly StoreOperation[] = [...Object.values(STATES_TABLE), ...Object.values(MEMBERS_TABLE)];

/** An operation as it crosses to the thread of the database. */
export interface AskedOperation {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Has operations run, wherever the database is. */
export interface SqliteExecutor {
  run(name: string, args: readonly unknown[]): Promise<unknown>;
}

/** Operations that write nothing: a batch of these alone takes no lock. */
export const READ_OPERATIONS: ReadonlySet<string> = new Set(ALL.filter(({ reads }) => reads).map(({ name }) => name));

/** Operations that go before others in a batch, because a lease depends on them. */
export const URGENT_OPERATIONS: ReadonlySet<string> = new Set(
  ALL.filter(({ urgent }) => urgent).map(({ name }) => name),
);

const { claim, read, list, count, history, answer, due, deliveries } = STATE_OPERATIONS;

/** Operations whose answers show what was committed, by whoever it was. */
export const SHOWING_OPERATIONS: ReadonlySet<string> = new Set(
  [claim, read, list, count, history, answer, due, deliveries].map(({ name }) => name),
);

const { commit, deliver, settle } = STATE_OPERATIONS;

/**
 * Operations that are told to nobody before they are synced to the disk. The others mean nothing after a loss of power, when all processes are
 * gone, or are done again: claims, registrations, renewals. An incarnation must not be given twice, so a join is one of these.
 */
export const SYNCED_OPERATIONS: ReadonlySet<string> = new Set(
  [commit, deliver, settle, MEMBERS_TABLE.join].map(({ name }) => name),
);
