import { mkdtemp, rm } from 'node:fs/promises';
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
const clear = (folder: string): Promise<void> => rm(folder, { recursive: true });

describeContract('FileStorage', stateStorageContract, { place, open: (folder) => new FileStorage(folder), clear });

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
