import { expect } from 'chai';
import type { Member } from '../../lib/cluster/membership-store';
import { Deferred } from '../../lib/concurrency/deferred';
import type { AttemptOutcome } from '../../lib/deliveries/attempt-outcome';
import { Deliverer, type DelivererParts } from '../../lib/deliveries/deliverer';
import { DEFAULT_DELIVERY_OPTIONS } from '../../lib/deliveries/delivery-options';
import { decodeDelivery, encodeDelivery, type DeliveryRecord } from '../../lib/deliveries/delivery-record';
import { PromptSender, type PromptDelivery, type PromptSenderParts } from '../../lib/deliveries/delivery-sender';
import { slotOf } from '../../lib/deliveries/ring';
import type { Occurrence } from '../../lib/deliveries/schedule';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { localNode } from '../calls/call-fixture';
import { ManualTimers } from '../scheduling/manual-timers';

const TARGET = 'spec/Desk/a';
const options = { ...DEFAULT_DELIVERY_OPTIONS, pollMs: 1_000, graceMs: 2_000 };
const self: Member = {
  ...{ name: 'n1', incarnation: 1, address: 'n1:1', status: 'active', leaseCounter: 0, actorTypes: [], load: 0 },
};

function deliveryOf(id: string, more: Partial<DeliveryRecord> = {}): PromptDelivery {
  const data = encodeDelivery(id, {
    ...{ target: TARGET, method: 'work', args: Buffer.from('[]'), values: undefined, key: id, executions: 0 },
    ...{ attempts: 0, refusals: 0, dueAt: undefined, failure: undefined, reminder: undefined, ...more },
  });
  return { id, target: TARGET, slot: slotOf(TARGET), due: { inMs: 0 }, data, isPrompt: true };
}

describe('Deliveries of a process that ends', () => {
  let time: ManualTimers;
  let storage: MemoryStorage;
  let attempts: { readonly occurrence: Occurrence; readonly ended: Deferred<AttemptOutcome> }[];
  let running: Promise<void>;
  let hasGivenUp: boolean;

  const parts = (): DelivererParts & PromptSenderParts =>
    ({
      ...{ storage, time, options, local: localNode(), random: new Xoshiro128(1), lease: { held: true } },
      membership: { view: { version: 1, members: [self] } },
      calls: {
        attempt: (_record: DeliveryRecord, occurrence: Occurrence) => {
          const ended = new Deferred<AttemptOutcome>();
          attempts.push({ occurrence, ended });
          return ended.promise;
        },
        giveUp: () => (hasGivenUp = true),
        get hasGivenUp() {
          return hasGivenUp;
        },
      },
      tasks: { spawn: (_name: string, work: () => Promise<void>) => (running = work()), yield: async () => undefined },
      buggify: { enabled: false },
      refusals: { note: () => undefined },
      counters: { delivered: { value: 0 }, retried: { value: 0 }, dead: { value: 0 } },
    }) as unknown as DelivererParts & PromptSenderParts;
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const left = async () => {
    const { deliveries } = await storage.deliveries({ limit: 10 });
    return deliveries.map(({ id, target, data }) => decodeDelivery(id, target, data).attempts);
  };
  const failed: AttemptOutcome = {
    kind: 'failed',
    error: new MoonpoolError('HANDLER_FAILED', { message: 'no', executed: 'yes' }),
    isRemembered: false,
  };

  beforeEach(() => {
    [attempts, hasGivenUp] = [[], false];
    time = new ManualTimers();
    time.at = 1_000;
    storage = new MemoryStorage(() => time.now());
  });

  async function begun(): Promise<Deliverer> {
    await storage.deliver([deliveryOf('d')]);
    const deliverer = new Deliverer(parts());
    deliverer.start();
    await settled();
    expect(attempts).to.have.length(1);
    return deliverer;
  }

  it('have a while to end, and what was executed by then is settled', async () => {
    const deliverer = await begun();
    const end = deliverer.stop();
    await settled();
    expect([hasGivenUp, time.timers], 'it waits').to.deep.equal([false, 1]);
    attempts[0]?.ended.resolve({ kind: 'executed', isRemembered: false });
    await end;
    expect([hasGivenUp, await left(), time.timers]).to.deep.equal([true, [], 0]);
    await running;
  });

  it('are given up after that, and looks for more end at once', async () => {
    const deliverer = await begun();
    const end = deliverer.stop();
    await running;
    time.pass(options.graceMs);
    await end;
    expect([hasGivenUp, await left(), time.timers]).to.deep.equal([true, [0], 0]);
  });

  it('have not failed by that: the node that makes them then begins where this one did', async () => {
    const deliverer = await begun();
    const end = deliverer.stop();
    attempts[0]?.ended.resolve(failed);
    await end;
    expect(await left()).to.deep.equal([0]);
    hasGivenUp = false;
    const sender = new PromptSender(parts());
    sender.afterCommit([deliveryOf('d')]);
    sender.stop();
    attempts[1]?.ended.resolve(failed);
    await settled();
    expect([attempts.length, await left()]).to.deep.equal([2, [0]]);
  });

  it('of a process that goes on have failed once', async () => {
    const deliverer = await begun();
    attempts[0]?.ended.resolve(failed);
    await settled();
    expect(await left()).to.deep.equal([1]);
    await deliverer.stop();
    await running;
  });
});
