import { expect } from 'chai';
import { RefusalReason } from '../../lib/calls/turn-refusal';
import { NodeLoad, type LoadLimits } from '../../lib/scheduling/node-load';
import type { RunQueue } from '../../lib/scheduling/run-queue';

const LIMITS: LoadLimits = { maxWaiting: 5_000, maxWaitMs: 3_000, maxWaitShare: 0.5 };
const NOW = 10_000;
const now = (): number => NOW;

/** A call that has so much time left. */
function callWithin(leftMs: number, { isNested = false, isOneWay = false } = {}) {
  return { deadline: NOW + leftMs, isNested, isOneWay };
}

function loadOf(queued: number, waitMs: number): NodeLoad {
  return new NodeLoad({ length: queued, waitMs } as RunQueue, LIMITS);
}

describe('The load of a node', () => {
  it('refuses a call that would wait for more than its share of the time that it has left', () => {
    const load = loadOf(10, 400);
    expect(load.refusalOf(callWithin(801), 0, now)).to.equal(undefined);
    expect(load.refusalOf(callWithin(799), 0, now)).to.deep.equal({ reason: RefusalReason.nodeBusy, amount: 400 });
    expect(load.refused).to.equal(1);
  });

  it('tells the wait for an actor from that for the node', () => {
    expect(loadOf(10, 400).refusalOf(callWithin(1_000), 600, now)).to.deep.equal({
      reason: RefusalReason.actorBusy,
      amount: 600,
    });
  });

  it('lets a call wait longer than any limit while few do, if it has the time', () => {
    const load = loadOf(0, 0);
    load.waiting = 999;
    expect(load.refusalOf(callWithin(30_000), 14_000, now)).to.equal(undefined);
    load.waiting = 1_000;
    expect(load.refusalOf(callWithin(30_000), 14_000, now)).to.deep.include({ reason: RefusalReason.actorBusy });
  });

  it('takes what a turn waits for, and what nobody waits for, until as many wait as may', () => {
    const load = loadOf(10, 4_000);
    const [nested, oneWay] = [callWithin(100, { isNested: true }), callWithin(100, { isOneWay: true })];
    expect([nested, oneWay].map((call) => load.refusalOf(call, 0, now))).to.deep.equal([undefined, undefined]);
    load.waiting = LIMITS.maxWaiting;
    expect([nested, oneWay].map((call) => load.refusalOf(call, 0, now)?.reason)).to.deep.equal([
      RefusalReason.nodeFull,
      RefusalReason.nodeFull,
    ]);
  });

  it('is busy while something waits, and does not ask the clock while nothing does', () => {
    const load = loadOf(0, 0);
    expect(load.isBusy).to.equal(false);
    expect(load.refusalOf(callWithin(1), 0, () => expect.fail('the clock was asked'))).to.equal(undefined);
    load.waiting = 1;
    expect([load.isBusy, loadOf(1, 0).isBusy]).to.deep.equal([true, true]);
  });
});
