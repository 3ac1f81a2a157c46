import { SqliteConnection } from '../../../lib/engines/sqlite/sqlite-connection';
import { sqliteStateStorage } from '../../../lib/engines/sqlite/sqlite-stores';

/** A process that writes to a database until it is killed, and says which writes were acknowledged. */
async function main(): Promise<void> {
  const [, , file = '', name = '', count = '0'] = process.argv;
  const connection = new SqliteConnection({ file, part: 'states', busyTimeoutMs: 5_000 });
  await connection.start();
  const storage = sqliteStateStorage(connection);
  await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const actor = `spec/Writer/${name}-${index}`;
      const { epoch } = await storage.claim(actor);
      for (let version = 0; version < Number(count); version++) {
        const outcome = await storage.commit({
          actor,
          epoch,
          version,
          writeId: `${name}:${index}:${version}`,
          data: Buffer.from(String(version)),
        });
        if (outcome.kind !== 'accepted') throw new Error(`a write was ${outcome.kind}`);
        process.send?.({ actor, version: outcome.version });
      }
    }),
  );
  await connection.stop();
  process.disconnect();
}

void main();
