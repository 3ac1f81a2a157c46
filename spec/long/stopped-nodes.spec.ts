import { expect } from 'chai';
import { FAIL_OVER, pause, StopFleet } from '../processes/stops/stop-fleet';

const LEASE_MS = 2_000;
/** Longer than the promised fail-over, by enough to see that it was kept. */
const LOOK_MS = LEASE_MS * FAIL_OVER + 1_500;

describe('A node that is stopped in the middle of a transaction', function () {
  this.timeout(60_000);
  let fleet: StopFleet;

  before(function () {
    // The kernel tells who holds a lock on Linux alone.
    if (process.platform !== 'linux') this.skip();
  });
  afterEach(() => fleet.end());

  it('of its states stops the writes of others for no longer than the promised fail-over: its process is ended', async () => {
    fleet = await StopFleet.start(['a', 'b', 'c'], { leaseMs: LEASE_MS });
    await pause(500);
    const outcome = await fleet.stop('a', LOOK_MS, 'hold the states');
    expect(outcome).to.deep.include({ held: 'states', ended: [] });
    expect(Math.max(...outcome.gapsMs)).to.be.within(LEASE_MS / 2, LEASE_MS * FAIL_OVER);
    expect(outcome.written).to.be.greaterThan(0);
    expect(fleet.isThere('a')).to.equal(false);
  });

  it('of the members ends nobody else: its process is ended before their leases are', async () => {
    fleet = await StopFleet.start(['a', 'b', 'c'], { leaseMs: LEASE_MS });
    await pause(500);
    const outcome = await fleet.stop('a', LOOK_MS, 'hold the members');
    expect(outcome).to.deep.include({ held: 'members', ended: [] });
    expect(Math.max(...outcome.gapsMs)).to.be.below(LEASE_MS);
    expect(fleet.isThere('a')).to.equal(false);
  });

  it('of its states keeps the lock where that is wished, and still no lease of another one runs out', async () => {
    fleet = await StopFleet.start(['a', 'b'], { leaseMs: LEASE_MS, leavesLocks: true });
    await pause(500);
    const outcome = await fleet.stop('a', LOOK_MS, 'hold the states');
    expect(outcome).to.deep.include({ held: 'states', ended: [] });
    expect(Math.max(...outcome.gapsMs)).to.be.at.least(LOOK_MS - 500);
    expect(fleet.isThere('a')).to.equal(true);
  });
});
