import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Buggify, quietBuggify } from '../../../lib/chaos/buggify';
import { BuggifySites } from '../../../lib/simulation/chaos/simulated-buggify';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import type { SimulationEngine } from '../../../lib/simulation/engine/simulation-engine';
import { ROOT } from '../../house/source-file';
import { onCluster, untilAnswered } from '../cluster/cluster-fixture';
import { Ledger } from '../cluster/ledger-fixture';
import { engineOf } from '../engine/engine-fixture';

const ON = { isOn: true };

/** The sites of an engine after the beginning, and what one process makes of them. */
function sitesOf(
  engine: SimulationEngine,
  machine = 'node1',
): { readonly sites: BuggifySites; readonly buggify: Buggify } {
  const sites = new BuggifySites(engine, ON);
  sites.begin();
  return { sites, buggify: sites.of(engine.beginLife(machine, 1)) };
}

/** How often a site strikes in 400 asks of a seed. */
function strikesOf(seed: number, site = 'spec-site', odds?: Parameters<Buggify['strikes']>[1]): number {
  const { buggify } = sitesOf(engineOf(seed));
  return Array.from({ length: 400 }, () => buggify.strikes(site, odds)).filter(Boolean).length;
}

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

describe('Buggify', () => {
  it('disturbs nothing in production', () => {
    expect(quietBuggify.strikes('anything', { enabled: 1, strikes: 1 })).to.equal(false);
    expect(quietBuggify.knob('anything', 7, { low: 1, high: 2 }, { enabled: 1, strikes: 1 })).to.equal(7);
    expect(quietBuggify.enabled).to.equal(false);
  });

  it('uses each site in half of the seeds, and strikes there a quarter of the time', () => {
    const used = seeds.map((seed) => strikesOf(seed)).filter((strikes) => strikes > 0);
    expect(used.length).to.be.within(75, 125);
    const rate = used.reduce((sum, strikes) => sum + strikes, 0) / used.length / 400;
    expect(rate).to.be.within(0.23, 0.27);
  });

  it('has other odds where the site says so', () => {
    expect(strikesOf(1, 'certain', { enabled: 1, strikes: 1 })).to.equal(400);
    expect(strikesOf(1, 'never', { enabled: 0, strikes: 1 })).to.equal(0);
  });

  it('turns a knob for half of the seeds and a quarter of the processes, to a value of its range', () => {
    const values = seeds.map((seed) => sitesOf(engineOf(seed)).buggify.knob('spec-knob', 100, { low: 1, high: 3 }));
    const turned = values.filter((value) => value !== 100);
    expect(turned.length).to.be.within(12, 40);
    expect([...new Set(turned)].sort()).to.deep.equal([1, 2, 3]);
  });

  it('rolls for each site alone: what others ask moves nothing', () => {
    const alone = engineOf(5);
    const first = sitesOf(alone).buggify;
    const odds = { enabled: 1 };
    const expected = Array.from({ length: 50 }, () => first.strikes('a', odds));
    const second = sitesOf(engineOf(5)).buggify;
    const found = Array.from({ length: 50 }, () => {
      second.strikes('b', odds);
      return second.strikes('a', odds);
    });
    expect(found).to.deep.equal(expected);
  });

  it('strikes neither before the cluster stands nor after its rest, nor in a dead process', () => {
    const engine = engineOf(1);
    const sites = new BuggifySites(engine, ON);
    const life = engine.beginLife('node1', 1);
    const buggify = sites.of(life);
    const certain = { enabled: 1, strikes: 1 };
    const asks = () => [buggify.strikes('a', certain), buggify.knob('k', 10, { low: 1, high: 1 }, certain)];
    expect(asks()).to.deep.equal([false, 1]);
    sites.begin();
    expect(asks()).to.deep.equal([true, 1]);
    sites.end();
    expect(asks()).to.deep.equal([false, 10]);
    const other = sitesOf(engine).sites;
    const dead = other.of(life);
    engine.endLife(life);
    expect(dead.strikes('a', certain)).to.equal(false);
  });

  it('strikes as a fault with a name, which can be left out', () => {
    const engine = engineOf(1, { faults: { suppressed: new Set(['buggify a node1 #2']) } });
    const { buggify } = sitesOf(engine);
    const strikes = [1, 2, 3].map(() => buggify.strikes('a', { enabled: 1, strikes: 1 }));
    expect(strikes).to.deep.equal([true, false, true]);
    expect(engine.struck).to.deep.equal(['buggify a node1 #1', 'buggify a node1 #3']);
  });

  it('strikes at every site and turns every knob that its page lists, and at no other, in hostile runs', async () => {
    const page = readFileSync(join(ROOT, 'docs/buggify.md'), 'utf8');
    const listed = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1] as string);
    const seen = new Set<string>();
    const onEvent = ({ name, fields }: TimelineEvent): void => {
      const [, site] = /^buggify(?:-knob)? (\S+)/.exec(name === 'fault' ? String(fields['name']) : '') ?? [];
      if (site !== undefined) seen.add(site);
    };
    for (let seed = 1; seed <= 60 && seen.size < listed.length; seed++) {
      await onCluster(work, { seed, chaos: 'hostile', run: { onEvent } });
    }
    expect([...seen].sort()).to.deep.equal(listed.sort());
  });

  it('is off in calm and default runs', async () => {
    for (const chaos of ['calm', 'default'] as const) {
      const { faults } = await onCluster(work, { chaos });
      expect([...faults.keys()].filter((site) => site.startsWith('buggify'))).to.deep.equal([]);
    }
  });
});

async function work(cluster: SimulatedCluster): Promise<void> {
  for (let entry = 0; entry < 12; entry++) {
    await untilAnswered(cluster, () =>
      cluster
        .client()
        .actor(Ledger, `k${entry % 5}`)
        .append(entry),
    );
    await cluster.sleep(50);
  }
}
