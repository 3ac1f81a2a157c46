import { expect } from 'chai';
import { Lease } from '../../lib/cluster/lease';
import type { TimeProvider } from '../../lib/providers/time-provider';

function leaseAt(clock: { now: number }, ttlMs: number): Lease {
  return new Lease({ now: () => clock.now } as TimeProvider, ttlMs);
}

describe('A lease', () => {
  it('is not held before it was renewed once', () => {
    expect(leaseAt({ now: 0 }, 1_000).held).to.equal(false);
  });

  it('ends a fifth before its term, which counts from before the renewal was sent', () => {
    const clock = { now: 100 };
    const lease = leaseAt(clock, 1_000);
    lease.renewed(50);
    clock.now = 849;
    expect(lease.held).to.equal(true);
    clock.now = 850;
    expect(lease.held).to.equal(false);
  });

  it('is not shortened by the answer to an earlier renewal that arrives late', () => {
    const clock = { now: 0 };
    const lease = leaseAt(clock, 1_000);
    lease.renewed(500);
    lease.renewed(100);
    clock.now = 1_200;
    expect(lease.held).to.equal(true);
  });

  it('is not held any more once it was ended', () => {
    const lease = leaseAt({ now: 0 }, 1_000);
    lease.neverEnds();
    expect(lease.held).to.equal(true);
    lease.end();
    expect(lease.held).to.equal(false);
  });
});
