import { expect } from 'chai';
import { deliveriesOf, deliveryOf, settle } from '../../lib/deliveries/stored-deliveries';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import type { NewDelivery } from '../../lib/storage/stored-delivery';
import { codeOf } from '../activation/cluster-fixture';

const delivery = (id: string, target = 'spec/Actor/a'): NewDelivery => {
  return { id, target, slot: 0, due: { at: 0 }, data: Buffer.alloc(1) };
};
const time = {
  now: () => 0,
  wallClock: () => 0,
  schedule: () => ({ cancel: () => undefined }),
  sleep: async () => undefined,
};

describe('Deliveries of a store', () => {
  let storage: MemoryStorage;
  beforeEach(() => {
    storage = new MemoryStorage(() => 0);
  });
  const idsOf = async (query: Parameters<typeof deliveriesOf>[1]) => {
    const ids: string[] = [];
    for await (const { id } of deliveriesOf(storage, query)) ids.push(id);
    return ids;
  };

  it('are read page by page to their end, in the order of their ids', async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `d${String(index).padStart(3, '0')}`);
    await storage.deliver(ids.map((id) => delivery(id)));
    expect(await idsOf({})).to.deep.equal(ids);
    expect(await idsOf({ after: 'd248' })).to.deep.equal(['d249']);
    expect(await idsOf({ target: 'spec/Actor/b' })).to.deep.equal([]);
  });

  it('are found by their ids, among whatever ids there are', async () => {
    const ids = ['d', 'd1', 'd10', 'd1\u00e9', 'd2', 'e', '\u{1f600}'];
    await storage.deliver(ids.map((id) => delivery(id)));
    for (const id of ids) expect((await deliveryOf(storage, id))?.id).to.equal(id);
    for (const id of ['c', 'd11', 'dd', 'f']) expect(await deliveryOf(storage, id)).to.equal(undefined);
    expect(await deliveryOf(storage, 'd', { target: 'spec/Actor/b' })).to.equal(undefined);
  });

  it('are settled though an answer is lost, and given up when the store stays away', async () => {
    await storage.deliver([delivery('d')]);
    const version = (await deliveryOf(storage, 'd'))?.version ?? 0;
    const apply = storage.settle.bind(storage);
    let lost = 1;
    storage.settle = async (settlement) => {
      const applied = await apply(settlement);
      if (lost-- > 0) throw new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'no answer' });
      return applied;
    };
    expect(await settle(storage, { id: 'd', version }, time)).to.equal(false);
    expect(await deliveryOf(storage, 'd')).to.equal(undefined);
    lost = 100;
    expect(await codeOf(settle(storage, { id: 'd', version }, time))).to.equal('STORAGE_UNAVAILABLE');
    expect(lost).to.equal(96);
  });

  it('that an engine does not list, or not settle, are errors by a code', async () => {
    const one = { id: 'd', target: 't', dueAt: 0, version: 1, data: Buffer.alloc(1) };
    for (const wrong of [
      () => expect.fail('no such table'),
      async () => expect.fail('no such table'),
      async () => undefined,
      async () => ({ deliveries: one, isLast: true }),
      async () => ({ deliveries: [undefined], isLast: true }),
      async () => ({ deliveries: [one] }),
      // Each page is the first one.
      async () => ({ deliveries: [one], isLast: false }),
    ] as (() => never)[]) {
      storage.deliveries = wrong;
      expect(await codeOf(idsOf({}))).to.equal('STORAGE_UNAVAILABLE');
    }
    for (const wrong of [() => expect.fail('no such table'), async () => 'done'] as (() => never)[]) {
      storage.settle = wrong;
      expect(await codeOf(settle(storage, { id: 'd', version: 1 }, time))).to.equal('STORAGE_UNAVAILABLE');
    }
  });
});
