import { expect } from 'chai';
import { SqliteAges } from '../../../lib/engines/sqlite/sqlite-ages';

const HOUR_MS = 3_600_000;
/** Some moment. */
const START_MS = 1_000 * HOUR_MS;
const WINDOW_MS = 600_000;

/** A process that has just begun, and what goes on around it. */
function process() {
  const clocks = { run: 0, wall: START_MS };
  const ages = new SqliteAges({ now: () => clocks.run, wallClock: () => clocks.wall });
  const pass = (ms: number): void => {
    clocks.run += ms;
    clocks.wall += ms;
  };
  const isOlder = (stamp: number): boolean => stamp < ages.latestOlderThan(WINDOW_MS);
  return { clocks, pass, isOlder };
}

describe('The age of what was stamped with the wall clock', () => {
  it('is what the clock says when nobody sets it', () => {
    const { clocks, pass, isOlder } = process();
    pass(WINDOW_MS * 2);
    const stamp = clocks.wall;
    pass(WINDOW_MS);
    expect(isOlder(stamp)).to.equal(false);
    pass(1);
    expect(isOlder(stamp)).to.equal(true);
  });

  it('is no greater when the clock is set forward', () => {
    const { clocks, pass, isOlder } = process();
    pass(WINDOW_MS * 2);
    const stamp = clocks.wall;
    clocks.wall += HOUR_MS;
    expect(isOlder(stamp)).to.equal(false);
    pass(WINDOW_MS + 1);
    expect(isOlder(stamp)).to.equal(true);
  });

  it('is no greater when the clock is set back', () => {
    const { clocks, pass, isOlder } = process();
    pass(WINDOW_MS * 2);
    clocks.wall -= HOUR_MS;
    const stamp = clocks.wall;
    pass(WINDOW_MS);
    expect(isOlder(stamp)).to.equal(false);
    pass(1);
    expect(isOlder(stamp)).to.equal(true);
  });

  it('is not known before the process has run for so long: the clock may have been set just before', () => {
    const { pass, isOlder } = process();
    pass(WINDOW_MS - 1);
    expect(isOlder(START_MS - HOUR_MS)).to.equal(false);
    pass(2);
    expect(isOlder(START_MS - HOUR_MS)).to.equal(true);
  });
});
