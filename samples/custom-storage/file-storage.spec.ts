import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Actor, ActorRuntime, ActorState, Handler, Persist } from 'moonpool';
import { describeContract, stateStorageContract } from 'moonpool/contracts';
import { FileStorage, fileStorage } from './file-storage';

class Account {
  balance = 0;
}

@Actor({ name: 'Account' })
class BankAccount {
  @Persist(Account) private readonly account!: ActorState<Account>;

  @Handler() async deposit(amount: number): Promise<number> {
    this.account.value.balance += amount;
    await this.account.persist();
    return this.account.value.balance;
  }
}

const place = (): Promise<string> => mkdtemp(join(tmpdir(), 'custom-storage-'));
// What was asked for and not waited for may still be adding a file.
const clear = (folder: string): Promise<void> => rm(folder, { recursive: true, maxRetries: 10 });

describeContract('FileStorage', stateStorageContract, { place, open: (folder) => new FileStorage(folder), clear });

describe('A storage in files', () => {
  it('refuses a file that was changed, by its name, and leaves it as it is', async () => {
    const folder = await place();
    try {
      const before = new FileStorage(folder);
      for (let epoch = 1; epoch <= 3; epoch++) expect(await before.claim('bank/Account/a')).to.include({ epoch });
      const file = join(folder, '2');
      const bytes = await readFile(file);
      bytes[bytes.length - 1] = 0xff ^ (bytes.at(-1) as number);
      await writeFile(file, bytes);
      const after = new FileStorage(folder);
      for (let attempt = 1; attempt <= 2; attempt++) {
        const failure: unknown = await after.claim('bank/Account/a').catch((error: unknown) => error);
        expect(failure).to.have.property('code', 'STORAGE_CORRUPT');
        expect(String(failure)).to.contain(file);
      }
      expect((await readFile(file)).equals(bytes)).to.equal(true);
      expect(await before.claim('bank/Account/a')).to.include({ epoch: 4 });
    } finally {
      await clear(folder);
    }
  });
});

describe('An application with a storage of its own', () => {
  it('finds its states again when it is started again', async () => {
    const folder = await place();
    try {
      for (const balance of [5, 10]) {
        const node = await ActorRuntime.start({
          namespace: 'bank',
          name: 'n1',
          actors: [BankAccount],
          modules: [fileStorage(folder)],
        });
        expect(await node.actor(BankAccount, 'alice').deposit(5)).to.equal(balance);
        await node.shutdown();
      }
    } finally {
      await clear(folder);
    }
  });
});
