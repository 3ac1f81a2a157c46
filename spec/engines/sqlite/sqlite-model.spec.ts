import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { compareWithModel, histories } from '../postgres/postgres-model';
import { OpenSqlite } from './sqlite-fixture';
import { sqliteInMemory } from './sqlite-in-memory';

describe('The SQL of the SQLite engine', () => {
  it('does what the model does, whatever is asked of it', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const { storage, close } = sqliteInMemory(Date.now);
        await compareWithModel(storage, steps).finally(close);
      }),
      { numRuns: 100 },
    );
  });

  it('does so behind its thread too, where operations share transactions', async function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), 'moonpool-model-'));
    let runs = 0;
    try {
      await fc.assert(
        fc.asyncProperty(histories, async (steps) => {
          const database = await OpenSqlite.open(join(folder, `${runs++}.db`));
          await compareWithModel(database.storage, steps).finally(() => database.close());
        }),
        { numRuns: 8 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
