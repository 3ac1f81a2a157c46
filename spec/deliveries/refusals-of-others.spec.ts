import { expect } from 'chai';
import { AttemptLedger, type AttemptLedgerParts } from '../../lib/deliveries/attempt-ledger';
import { DEFAULT_DELIVERY_OPTIONS } from '../../lib/deliveries/delivery-options';
import { decodeDelivery, encodeDelivery, type DeliveryRecord } from '../../lib/deliveries/delivery-record';
import { slotOf } from '../../lib/deliveries/ring';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { codeOf } from '../activation/cluster-fixture';

const target = 'spec/Desk/a';
const record = (more: Partial<DeliveryRecord>): DeliveryRecord => ({
  ...{ target, method: 'work', args: Buffer.from('[]'), values: undefined, key: 'first', executions: 0 },
  ...{ attempts: 0, refusals: 0, dueAt: undefined, failure: undefined, reminder: undefined, ...more },
});

describe('A refusal that is written down when another attempt may have ended first', () => {
  let storage: MemoryStorage;

  const refuse = async (kept: DeliveryRecord, isRemembered: boolean): Promise<DeliveryRecord> => {
    storage = new MemoryStorage(() => 1_000);
    const delivery = { id: 'name', target, slot: slotOf(target), due: { inMs: 0 } };
    await storage.deliver([{ ...delivery, data: encodeDelivery('name', kept) }]);
    const ledger = new AttemptLedger({
      ...{ storage, options: DEFAULT_DELIVERY_OPTIONS, random: new Xoshiro128(1) },
      ...{ refusals: { note: () => undefined }, counters: { retried: { value: 0 }, dead: { value: 0 } } },
    } as unknown as AttemptLedgerParts);
    const outcome = { kind: 'failed', error: new RangeError('no'), isRemembered } as const;
    await ledger.writeRefusal({ stored: { id: 'name', target }, record: record({}), outcome });
    const [stored] = (await storage.deliveries({ limit: 1 })).deliveries;
    return decodeDelivery('name', target, stored?.data ?? Buffer.alloc(0));
  };

  it('counts for the message that was refused, and for none that has taken its name', async () => {
    expect(await refuse(record({}), true)).to.include({ attempts: 1, refusals: 1 });
    expect(await refuse(record({ key: 'second' }), true)).to.include({ attempts: 0, refusals: 0 });
  });

  it('counts once where its answer is remembered: all attempts with one key are one execution', async () => {
    const again = record({ executions: 1, refusals: 1 });
    expect(await refuse(again, true)).to.include({ refusals: 1 });
    expect(await refuse(again, false)).to.include({ refusals: 2 });
  });

  it('is given up when the store says again and again that it is another delivery by now', async () => {
    const settle = MemoryStorage.prototype.settle;
    let asked = 0;
    MemoryStorage.prototype.settle = async () => ++asked > 1_000;
    try {
      expect(await codeOf(refuse(record({}), true))).to.equal('STORAGE_UNAVAILABLE');
      expect(asked).to.be.below(100);
    } finally {
      MemoryStorage.prototype.settle = settle;
    }
  });
});
