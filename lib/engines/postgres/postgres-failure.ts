import type { ErrorCode } from '../../errors/catalogue';
import { isMoonpoolError, MoonpoolError, type Executed } from '../../errors/moonpool-error';
import { outsideText } from '../../errors/outside-text';
import { messageOf, partOf } from '../../errors/thrown-value';

/** What a condition of PostgreSQL means for whoever asked. */
interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly remedy?: string;
}

const GRANTS = 'Give its user the rights that docs/postgres.md lists, or start once as a user who may make the tables.';

/** By SQLSTATE, or by its class; see https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['25006', { code: 'STORAGE_UNAVAILABLE', says: 'it is a standby, or may only be read' }],
  ['28', { code: 'STORAGE_UNAVAILABLE', says: 'it does not let this user in', remedy: 'Correct user and password.' }],
  [
    '3D000',
    { code: 'STORAGE_UNAVAILABLE', says: 'there is no such database', remedy: 'Make it, or correct its name.' },
  ],
  ['42501', { code: 'STORAGE_READ_ONLY', says: 'its user may not do that', remedy: GRANTS }],
  [
    '3F000',
    {
      code: 'STORAGE_REPLACED',
      says: 'the schema is gone',
      remedy: 'Bring the schema back, then start the node again.',
    },
  ],
  [
    '42P01',
    { code: 'STORAGE_REPLACED', says: 'a table is gone', remedy: 'Bring the tables back, then start the node again.' },
  ],
  ['53100', { code: 'STORAGE_FULL', says: 'its disk is full' }],
  ['53300', { code: 'STORAGE_UNAVAILABLE', says: 'it has as many connections as it takes' }],
  ['55P03', { code: 'STORAGE_UNAVAILABLE', says: 'others held a lock for longer than the lock timeout' }],
  ['57014', { code: 'STORAGE_UNAVAILABLE', says: 'it took longer than the statement timeout, or was cancelled' }],
  [
    'XX001',
    { code: 'STORAGE_CORRUPT', says: 'a page of it is spoiled', remedy: 'Restore the database; look at its disk.' },
  ],
  [
    'XX002',
    { code: 'STORAGE_CORRUPT', says: 'an index of it is spoiled', remedy: 'Reindex the database; look at its disk.' },
  ],
]);

/** Two statements wait for each other, or have met: whoever asks again finds it over. */
const COLLISIONS: ReadonlySet<string> = new Set(['40001', '40P01']);

/**
 * The server ends the connection, or has let nobody in: by SQLSTATE, or by its class. Its other sign of that, the severity, is a word in the language of the
 * server (`lc_messages`): FEHLER, ERREUR. A server that ends itself may say anything; see `isServed` of {@link PostgresSessions}.
 */
const ENDINGS: ReadonlySet<string> = new Set([
  '08',
  '25P03',
  '25P04',
  '28',
  '3D000',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  '57P04',
  '57P05',
]);
/** What the connection has prepared is of no use any more: what it returns has another type, or it is gone. */
const STALE_PLANS: ReadonlySet<string> = new Set(['0A000', '26000']);
/** What an SQLSTATE looks like. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * An error of `pg` as one that says what could not be done by which database. Those of Moonpool itself stay as they are.
 * @param executed what is known of it; by default what the error says itself.
 */
export function postgresFailure(
  error: unknown,
  place: string,
  does: string,
  executed: Executed = executedOf(error),
): MoonpoolError {
  if (isMoonpoolError(error)) return error;
  const state = stateOf(error);
  const meaning = state === undefined ? undefined : (MEANINGS.get(state) ?? MEANINGS.get(state.slice(0, 2)));
  const reason = outsideText(messageOf(error));
  const why = meaning === undefined ? reason : `${meaning.says} (${state}, '${reason}')`;
  return new MoonpoolError(meaning?.code ?? 'STORAGE_UNAVAILABLE', {
    message: `${place.charAt(0).toUpperCase()}${place.slice(1)} could not ${does}: ${why}`,
    executed,
    cause: error,
    ...(meaning?.remedy === undefined ? {} : { remedy: meaning.remedy }),
  });
}

/** What the server refuses has not been done; when the connection ends there is no telling. */
function executedOf(error: unknown): Executed {
  return isConnectionLost(error) ? 'maybe' : 'no';
}

/** True when nothing more can be asked on the connection: the server said that it ends it, or said nothing at all. */
export function isConnectionLost(error: unknown): boolean {
  if (isMoonpoolError(error)) return error.executed === 'maybe';
  const state = stateOf(error);
  return state === undefined || ENDINGS.has(state) || ENDINGS.has(state.slice(0, 2));
}

/** True when the server refused the statement because of what others did at that moment. */
export function isCollision(error: unknown): boolean {
  return COLLISIONS.has(stateOf(error) ?? '');
}

/** True when the server refused a prepared statement, perhaps because it was prepared before a table was changed: it may take it on another connection. */
export function isStalePlan(error: unknown): boolean {
  return STALE_PLANS.has(stateOf(error) ?? '');
}

/** True when the server refused the statement, perhaps because of one of those that travelled in it. */
export function isRefusedStatement(error: unknown): boolean {
  return stateOf(error) !== undefined && !isConnectionLost(error);
}

/** The SQLSTATE that the server gave; undefined when it gave none. Only what a server says has a severity: EPIPE looks like a state too. */
function stateOf(error: unknown): string | undefined {
  const [state, severity] = [partOf(error, 'code'), partOf(error, 'severity')];
  return typeof severity === 'string' && typeof state === 'string' && SQLSTATE.test(state) ? state : undefined;
}
