import { MoonpoolError } from '../../errors/moonpool-error';
import { outsideText } from '../../errors/outside-text';
import type { PostgresSession } from './postgres-session';
import { isTrue, textIn } from './postgres-values';

/** `strict`: no acknowledged write may be lost with the power of the server. `relaxed`: the server decides. */
export type PostgresDurability = 'strict' | 'relaxed';

/** Settings by which a server acknowledges what is not on its disk, and how each is set right. */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'Set fsync = on in postgresql.conf and reload the server',
  synchronous_commit:
    'Set synchronous_commit to on, or to remote_apply, in postgresql.conf, or with ALTER DATABASE or ALTER ROLE, wherever it was turned off',
};

/** The one encoding in which every text comes back as it was. */
const ENCODING = 'UTF8';
/** The level that the statements were made for: those that wait for others see what these have written. */
const ISOLATION = 'read committed';

/** By these a server ends connections that are silent for a while, and whoever takes long; on both there are limits of the engine's own. Servers before PostgreSQL 14 and 17 have none. */
const LIMITS = ['idle_session_timeout', 'transaction_timeout'] as const;
const NO_LIMIT = '0';

/** Servers that only speak the protocol of PostgreSQL do not have all settings. */
const ASKED = `SELECT pg_is_in_recovery() AS standby, coalesce(current_setting('server_encoding', true), '${ENCODING}') AS encoding,
  coalesce(current_setting('default_transaction_isolation', true), '${ISOLATION}') AS isolation, ${[
    ...Object.keys(SETTINGS).map((name) => settingOr(name, 'on')),
    ...LIMITS.map((name) => settingOr(name, NO_LIMIT)),
  ].join(', ')}`;

/** What is expected of a server, and by whom. */
export interface Inspection {
  /** For messages. */
  readonly place: string;
  readonly durability: PostgresDurability;
  /** The connection is of this engine's own pool, and so are its settings. */
  readonly isOwn: boolean;
}

/**
 * Looks whether a new connection leads to a server that may be written to, can keep every text and keeps what it acknowledges: it is asked of each, for another server
 * may have taken the place of the one before.
 * @throws MoonpoolError STORAGE_NOT_DURABLE; STORAGE_UNSUITABLE; STORAGE_UNAVAILABLE from a standby.
 */
export async function inspectServer(inspection: Inspection, session: PostgresSession): Promise<void> {
  const { place, durability } = inspection;
  const [row] = await session.rows(ASKED);
  if (row === undefined) return;
  if (isTrue(row, 'standby'))
    throw new MoonpoolError('STORAGE_UNAVAILABLE', {
      message: `${place.charAt(0).toUpperCase()}${place.slice(1)} is a standby, which cannot be written to`,
      remedy: 'Connect to the primary, or wait until this one is promoted.',
    });
  requireEncoding(place, textIn(row, 'encoding'));
  await requireIsolation(inspection, textIn(row, 'isolation'), session);
  if (inspection.isOwn)
    for (const limit of LIMITS) if (textIn(row, limit) !== NO_LIMIT) await session.run(`SET ${limit} = ${NO_LIMIT}`);
  if (durability === 'relaxed') return;
  for (const [setting, remedy] of Object.entries(SETTINGS)) {
    if (textIn(row, setting) !== 'off') continue;
    throw new MoonpoolError('STORAGE_NOT_DURABLE', {
      message: `${setting} of ${place} is off: what it acknowledges can be lost with its power`,
      remedy: `${remedy}; or start with durability: 'relaxed', if that may be lost.`,
    });
  }
}

/** With SQL_ASCII the server does not know what its bytes mean, and with all others it has no bytes for most characters. */
function requireEncoding(place: string, found: string): void {
  if (found === ENCODING) return;
  throw new MoonpoolError('STORAGE_UNSUITABLE', {
    message: `The encoding of ${place} is ${outsideText(found)}, in which not every text can be kept`,
    remedy: `Make a database with CREATE DATABASE ... ENCODING '${ENCODING}' TEMPLATE template0, and connect to that one.`,
  });
}

/** At a higher level the server refuses what meets others, which statements about the members do all the time. */
async function requireIsolation({ place, isOwn }: Inspection, found: string, session: PostgresSession): Promise<void> {
  if (found === ISOLATION) return;
  if (isOwn) await session.run(`SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL ${ISOLATION.toUpperCase()}`);
  else
    throw new MoonpoolError('STORAGE_UNSUITABLE', {
      message: `Connections to ${place} have the isolation level ${outsideText(found)}; ${ISOLATION} is needed`,
      remedy:
        "Give the pool options: '-c default_transaction_isolation=read\\\\ committed', or let Moonpool connect by itself.",
    });
}

function settingOr(name: string, otherwise: string): string {
  return `coalesce(current_setting('${name}', true), '${otherwise}') AS ${name}`;
}
