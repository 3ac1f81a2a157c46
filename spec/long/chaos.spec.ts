import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { describeRun, hasFailed } from '../processes/chaos/chaos-report';
import { NetworkNamespaces } from '../processes/chaos/network-namespaces';
import { runChaos, type ChaosRunOptions } from '../processes/chaos/chaos-run';

/** Long enough for one fault of each kind. */
const CAMPAIGN = {
  engine: 'sqlite',
  network: 'proxies',
  seed: 5,
  forMs: 9_000,
  nodes: 3,
  clients: 1,
  keepsHistories: false,
} as const;

const run = (options: Pick<ChaosRunOptions, 'kinds' | 'isControl'> & Partial<ChaosRunOptions>) =>
  runChaos({ ...CAMPAIGN, ...options });

describe('Chaos on real processes', function () {
  this.timeout(120_000);

  before(function () {
    // The others see that a process stands still on Linux alone.
    if (process.platform !== 'linux') this.skip();
  });

  it('of a kill, a stop and a cut leaves histories that the checkers find in order', async () => {
    const result = await run({ kinds: ['kill', 'stop', 'cut'], isControl: false });
    expect(result.violations, describeRun(result, false)).to.deep.equal([]);
    expect(result.effects.map(({ kind }) => kind)).to.have.members(['kill', 'stop', 'cut']);
    expect(result.answers.ok).to.be.greaterThan(500);
    expect(result.kept).to.equal(undefined);
  });

  it('of lost packets, a pulled cable and a clock that is set leaves histories that the checkers find in order', async function () {
    // The campaign itself tells why.
    if (NetworkNamespaces.whyNot() !== undefined) this.skip();
    const result = await run({ kinds: ['loss', 'unplug', 'clock'], network: 'namespaces', isControl: false });
    expect(result.violations, describeRun(result, false)).to.deep.equal([]);
    expect(result.effects.map(({ kind }) => kind)).to.have.members(['loss', 'unplug', 'clock']);
    expect(result.answers.ok).to.be.greaterThan(500);
  });

  it('of rolling restarts alone fails no call, of whoever makes it', async () => {
    const result = await run({ kinds: ['restart'], isControl: false, restarts: 2 });
    expect(result.violations, describeRun(result, false)).to.deep.equal([]);
    expect(result.effects).to.have.length(1);
    expect(result.failures.idempotent.calls).to.be.greaterThan(100);
    expect(result.failures.other.calls).to.be.greaterThan(100);
  });

  it('shows what nodes lose that acknowledge what is not durable', async () => {
    const result = await run({ kinds: ['kill'], isControl: true });
    expect(result.violations.map(({ kind }) => kind)).to.include('violated');
    expect(hasFailed(result, true)).to.equal(false);
    expect(hasFailed(result, false)).to.equal(true);
    if (result.kept === undefined) throw new Error('The histories were not kept');
    rmSync(result.kept, { recursive: true });
  });

  it('shows nothing of such nodes as long as nobody ends them: it is the faults that are found', async () => {
    const result = await run({ kinds: ['stall'], isControl: true, forMs: 1_000 });
    expect(result.violations, describeRun(result, true)).to.deep.equal([]);
    expect(hasFailed(result, true)).to.equal(true);
  });
});
