import { expect } from 'chai';
import { runKills } from '../processes/kills/kill-run';

const KILLS = 6;
/** Long before a lease of the default length has run out, in milliseconds, on a machine that has much else to do. */
const SOON_MS = 5_000;

describe('Nodes that are killed again and again under load', function () {
  this.timeout(180_000);
  const run = (engine: 'sqlite' | 'postgres', areApart: boolean, isControl = false) =>
    runKills({
      engine,
      kills: KILLS,
      seed: 1,
      areApart,
      areStopped: false,
      isControl,
      isStopped: () => false,
      onKill: () => undefined,
    });

  before(function () {
    // Whether a process has ended the kernel tells on Linux alone.
    if (process.platform !== 'linux') this.skip();
  });

  it('lose nothing that was acknowledged, and are followed by others long before their leases have run out', async () => {
    const { tookMs, violations } = await run('sqlite', false);
    expect(violations).to.deep.equal([]);
    expect(Math.max(...tookMs)).to.be.below(SOON_MS);
  });

  it('are followed as soon on PostgreSQL when no other node sees their processes, as on machines of their own', async function () {
    // Only root may give a process a space of process numbers.
    if (process.getuid?.() !== 0) this.skip();
    const { tookMs, violations } = await run('postgres', true);
    expect(violations).to.deep.equal([]);
    expect(Math.max(...tookMs)).to.be.below(SOON_MS);
  });
});
