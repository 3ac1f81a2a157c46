import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { MoonpoolError } from 'moonpool';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { OpenSqlite } from '../engines/sqlite/sqlite-fixture';
import { questionsOfNodesWith, questionsWith, UNSTORABLE } from './unstorable-questions';

/** The fates of questions: each must be refused before anything is done. */
async function fatesOf(questions: readonly (() => Promise<unknown>)[]): Promise<ReadonlySet<string>> {
  const fates = new Set<string>();
  for (const [index, ask] of questions.entries())
    fates.add(
      await ask().then(
        () => `question ${index} was answered`,
        (error: MoonpoolError) => `${error.code} ${error.executed}`,
      ),
    );
  return fates;
}

describe('Texts that cannot be stored as they are', () => {
  const refused = new Set(['INVALID_OPTION no']);

  it('are refused by a storage in memory, whatever is asked with them', async () => {
    const storage = new MemoryStorage(Date.now);
    for (const text of UNSTORABLE) expect(await fatesOf(questionsWith(text, storage)), text).to.deep.equal(refused);
    expect((await storage.deliveries({ limit: 9 })).deliveries).to.deep.equal([]);
  });

  it('are refused by SQLite, whatever is asked with them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moonpool-texts-'));
    const database = await OpenSqlite.open(join(folder, 'a.db'));
    try {
      const { storage, directory } = database;
      for (const text of UNSTORABLE) {
        const questions = [
          ...questionsWith(text, storage),
          ...questionsOfNodesWith(text, directory, database.membership()),
        ];
        expect(await fatesOf(questions), text).to.deep.equal(refused);
      }
      expect((await storage.deliveries({ limit: 9 })).deliveries).to.deep.equal([]);
      expect((await database.membership().read()).members).to.deep.equal([]);
    } finally {
      await database.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('are named where they are refused', async () => {
    const error = await new MemoryStorage(Date.now).count('a/\ud800').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(MoonpoolError);
    expect((error as MoonpoolError).message)
      .to.contain('The prefix of actors')
      .and.to.contain('half a pair of surrogates');
  });
});
