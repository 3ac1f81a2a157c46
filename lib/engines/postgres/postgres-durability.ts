import { MoonpoolError } from '../../errors/moonpool-error';
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

/** Servers that only speak the protocol of PostgreSQL do not have all settings. */
const ASKED = `SELECT pg_is_in_recovery() AS standby, ${Object.keys(SETTINGS)
  .map((name) => `coalesce(current_setting('${name}', true), 'on') AS ${name}`)
  .join(', ')}`;

/**
 * Looks whether a new connection leads to a server that may be written to and that keeps what it acknowledges: it is asked of each, for another server
 * may have taken the place of the one before.
 * @throws MoonpoolError STORAGE_NOT_DURABLE; STORAGE_UNAVAILABLE from a standby.
 */
export async function inspectServer(
  place: string,
  durability: PostgresDurability,
  session: PostgresSession,
): Promise<void> {
  const [row] = await session.rows(ASKED);
  if (row === undefined) return;
  if (isTrue(row, 'standby'))
    throw new MoonpoolError('STORAGE_UNAVAILABLE', {
      message: `${place.charAt(0).toUpperCase()}${place.slice(1)} is a standby, which cannot be written to`,
      remedy: 'Connect to the primary, or wait until this one is promoted.',
    });
  if (durability === 'relaxed') return;
  for (const [setting, remedy] of Object.entries(SETTINGS)) {
    if (textIn(row, setting) !== 'off') continue;
    throw new MoonpoolError('STORAGE_NOT_DURABLE', {
      message: `${setting} of ${place} is off: what it acknowledges can be lost with its power`,
      remedy: `${remedy}; or start with durability: 'relaxed', if that may be lost.`,
    });
  }
}
