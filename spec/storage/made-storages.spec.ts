import { expect } from 'chai';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { MadeStorages } from '../../lib/storage/made-storages';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import type { StateStorage } from '../../lib/storage/state-storage';
import { codeOf } from '../activation/cluster-fixture';

describe('The storages that a node has made', () => {
  const storage = (): MemoryStorage => new MemoryStorage(() => 0);

  it('are found by their names, and others are not', () => {
    const archive = storage();
    const made = new MadeStorages(storage(), new Map([['archive', archive]]));
    expect(made.of('archive')).to.equal(archive);
    expect(() => made.of('paper')).to.throw(/MISSING_BINDING: No module gives a storage the name 'paper'/);
  });

  it('leave nothing that is listed where they look at each other', async () => {
    const [usual, archive] = [storage(), storage()];
    await new MadeStorages(usual, new Map([['archive', archive]])).start();
    for (const one of [usual, archive]) expect((await one.list({ prefix: '', limit: 9 })).actors).to.deep.equal([]);
  });

  it('are not refused for what does not answer; what is wrong with one otherwise is told', async () => {
    const failing = (code: 'STORAGE_UNAVAILABLE' | 'STORAGE_CORRUPT'): StateStorage =>
      Object.assign(storage(), { claim: () => Promise.reject(new MoonpoolError(code, { message: 'no' })) });
    await new MadeStorages(storage(), new Map([['archive', failing('STORAGE_UNAVAILABLE')]])).start();
    const spoiled = new MadeStorages(storage(), new Map([['archive', failing('STORAGE_CORRUPT')]]));
    expect(await codeOf(spoiled.start())).to.equal('STORAGE_CORRUPT');
  });
});
