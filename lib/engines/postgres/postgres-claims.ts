import type { MoonpoolError } from '../../errors/moonpool-error';
import { STATE_OPERATIONS } from '../../storage/state-storage';
import type { StoredState } from '../../storage/stored-state';
import type { PostgresRow } from './postgres-driver';
import { MAX_RECORDS, type LaneWork } from './postgres-lane';
import type { PostgresTables } from './postgres-schema';
import { presentStateSeal, spoiledRow, stateSeal } from './postgres-seal';
import { statement } from './postgres-session';
import { bytesIn, isTrue, numberIn, numberOrNone, textIn } from './postgres-values';

const COLUMNS = ['epoch', 'version', 'write_id', 'data', 'snapshot_up_to', 'snapshot', 'last_event', 'answers'];

/** The columns of a state that are read, and whether the row is as it was written. */
function columnsOf(row: string): string {
  const columns = [...COLUMNS, 'actor'].map((column) => `${row}.${column}`);
  return `${columns.join(', ')}, ${row}.seal = ${presentStateSeal(row)} AS is_sound`;
}

/** Claims: each adds 1 to the epoch of its actor. Rows that are spoiled stay as they are, for a new checksum would hide it. */
export function claims(tables: PostgresTables): LaneWork<string, StoredState> {
  const first = stateSeal({
    ...{ actor: 'a.actor', epoch: '1', version: '0', writeId: "''" },
    ...{ lastEvent: '0', answers: '0', upTo: 'NULL::bigint' },
  });
  const next = stateSeal({
    ...{ actor: 's.actor', epoch: 's.epoch + 1', version: 's.version', writeId: 's.write_id' },
    ...{ lastEvent: 's.last_event', answers: 's.answers', upTo: 's.snapshot_up_to' },
  });
  const claim = statement(
    `INSERT INTO ${tables.of('actor_state')} AS s (actor, epoch, version, write_id, last_event, answers, repeated_answers, seal)
     SELECT a.actor, 1, 0, '', 0, 0, 0, ${first} FROM unnest($1::text[]) AS a(actor)
     ON CONFLICT (actor) DO UPDATE SET epoch = s.epoch + 1, seal = ${next} WHERE s.seal = ${presentStateSeal('s')}
     RETURNING ${columnsOf('s')}`,
  );
  return {
    operation: STATE_OPERATIONS.claim,
    keysOf: (actor) => [actor],
    maxBatch: MAX_RECORDS,
    run: async (session, batch) => {
      // Whoever claims several in the order of others does not wait for one who waits for them.
      const found = statesByActor(await session.rows(claim, [[...batch].sort()]));
      return batch.map((actor) => found.get(actor) ?? spoiledRow(`state of ${actor}`));
    },
  };
}

/** Reads of states. */
export function reads(tables: PostgresTables): LaneWork<string, StoredState | undefined> {
  const read = statement(`SELECT ${columnsOf('s')} FROM ${tables.of('actor_state')} s WHERE s.actor = ANY($1::text[])`);
  return {
    operation: STATE_OPERATIONS.read,
    maxBatch: MAX_RECORDS,
    run: async (session, batch) => {
      const found = statesByActor(await session.rows(read, [[...new Set(batch)]]));
      return batch.map((actor) => found.get(actor));
    },
  };
}

function statesByActor(rows: readonly PostgresRow[]): ReadonlyMap<string, StoredState | MoonpoolError> {
  return new Map(
    rows.map((row) => {
      const actor = textIn(row, 'actor');
      return [actor, isTrue(row, 'is_sound') ? storedState(row) : spoiledRow(`state of ${actor}`)];
    }),
  );
}

function storedState(row: PostgresRow): StoredState {
  const upTo = numberOrNone(row, 'snapshot_up_to');
  return {
    epoch: numberIn(row, 'epoch'),
    version: numberIn(row, 'version'),
    writeId: textIn(row, 'write_id'),
    data: row['data'] === null ? undefined : bytesIn(row, 'data'),
    snapshot: upTo === undefined ? undefined : { upTo, data: bytesIn(row, 'snapshot') },
    lastEvent: numberIn(row, 'last_event'),
    answers: numberIn(row, 'answers'),
  };
}
