import { expect } from 'chai';
import 'reflect-metadata';
import { Actor } from '../../../decorators/actor';
import { Handler } from '../../../decorators/handler';
import { always, alwaysOrUnreachable } from '../../../lib/chaos/always';
import { alwaysAtMost, sometimesAtLeast } from '../../../lib/chaos/comparison';
import { reachable, unreachable } from '../../../lib/chaos/reachable';
import { sometimes, sometimesAll, sometimesEach } from '../../../lib/chaos/sometimes';
import { isMoonpoolError } from '../../../lib/errors/moonpool-error';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import { SimulationReport } from '../../../lib/simulation/runner/simulation-report';
import { tryCluster } from '../cluster/cluster-fixture';

const small = always('the amount is small');
const large = sometimes('the amount is large');
const level = alwaysAtMost('the level stays within the tank');
const high = sometimesAtLeast('the level is high');
const both = sometimesAll('crash and overload at once', ['crash', 'overload']);
const each = sometimesEach('every kind of request', ['read', 'write', 'erase']);
const retried = reachable('the retry is reached');
const never = always('an always that nobody looks at');
const optional = alwaysOrUnreachable('an always that nobody need look at');
const impossible = unreachable('the impossible branch');

@Actor({ name: 'Watched' })
class Watched {
  /** Swallows whatever its code throws, as careless code does. */
  @Handler()
  async take(amount: number): Promise<number> {
    try {
      small.check(amount < 10, () => ({ amount }));
    } catch {
      return -1;
    }
    return amount;
  }
}

const setting = { nodes: 1, statics: { actors: [Watched] } };
const idle = async (): Promise<void> => undefined;

/** What a report says of runs of the bodies, one after the other. */
async function reportOf(
  bodies: readonly ((cluster: SimulatedCluster) => Promise<void>)[],
  statics: Parameters<typeof tryCluster>[1] = {},
): Promise<SimulationReport> {
  const report = new SimulationReport('Watched runs', () => 'replay');
  for (const body of bodies) report.add(await tryCluster(body, { ...setting, ...statics }));
  return report;
}

describe('Assertions in a simulated run', () => {
  it('fail it at once when an always is broken, whatever the code catches, naming node and details', async () => {
    let answered = false;
    const { error, lastEvents } = await tryCluster(async (cluster) => {
      await cluster.client().actor(Watched, 'a').take(5);
      await cluster.client().actor(Watched, 'a').take(12);
      answered = true;
    }, setting);
    expect(isMoonpoolError(error, 'ASSERTION_BROKEN')).to.equal(true);
    expect(String(error)).to.contain("'the amount is small' does not hold, in an event of node1.1: amount 12");
    expect(answered).to.equal(false);
    expect(lastEvents.find(({ name }) => name === 'assertion-broken')).to.deep.include({
      node: 'node1',
      name: 'assertion-broken',
      fields: { assertion: 'the amount is small', amount: 12 },
    });
  });

  it('fail it when an unreachable place is reached, or a value is over its limit', async () => {
    const reached = await tryCluster(async (cluster) => {
      await cluster.sleep(1);
      impossible.reach(() => ({ branch: 'else' }));
    }, setting);
    expect(String(reached.error)).to.contain("'the impossible branch' was reached, in an event of test.1: branch else");
    const over = await tryCluster(async (cluster) => {
      await cluster.sleep(1);
      level.check(11, 10);
    }, setting);
    expect(String(over.error)).to.contain(
      "'the level stays within the tank' does not hold, in an event of test.1: value 11, limit 10",
    );
  });

  it('say nothing of a run that has ended', async () => {
    await tryCluster(idle, setting);
    small.check(false);
    const { coverage, error } = await tryCluster(idle, setting);
    expect(error).to.equal(undefined);
    expect(coverage).to.deep.equal([]);
  });

  it('are counted over all runs, with the closest values and the buckets that are missing', async () => {
    const report = await reportOf([
      async () => {
        large.check(false);
        [3, 9, 4].forEach((value) => level.check(value, 10));
        [3, 9, 4].forEach((value) => high.check(value, 12));
        both.check({ crash: true, overload: false });
        each.check('read');
        retried.reach();
      },
      async (cluster) => {
        cluster.sometimes('the test says so', true);
        large.check(true);
        level.check(7, 10);
        both.check({ crash: false, overload: true });
        each.check('write');
      },
    ]);
    const lines = String(report)
      .split('\n')
      .slice(2)
      .map((line) => line.trim());
    expect(lines).to.deep.equal([
      'fired  the amount is large (1 of 2)',
      'held   the level stays within the tank (4 of 4); closest 9, limit 10',
      'NEVER  the level is high (0 of 3); best 9, limit 12',
      'NEVER  crash and overload at once (0 of 2); at most 1 of 2 at once; crash 1, overload 1',
      'NEVER  every kind of request (2 times); read 1, write 1; NEVER erase',
      'fired  the retry is reached (1 times)',
      'fired  the test says so (1 of 1)',
    ]);
    expect(report.coverage.unfired).to.deep.equal([
      'the level is high',
      'crash and overload at once',
      'every kind of request: erase',
    ]);
  });

  it('are demanded of the class that lists them, but for those that need not be reached', async () => {
    const statics = { actors: [Watched], assertions: [never, optional, impossible, retried, large] };
    const report = await reportOf([idle, async () => large.check(true)], { statics });
    expect(report.coverage.unfired).to.deep.equal(['an always that nobody looks at', 'the retry is reached']);
    expect(report.seedsWithoutNews).to.equal(0);
    expect(String(report.describeUnfired())).to.contain(
      "never saw 'an always that nobody looks at', 'the retry is reached'",
    );
  });

  it('can be sent between threads with the result', async () => {
    const { coverage } = await tryCluster(async () => each.check('read'), setting);
    expect(structuredClone(coverage)).to.deep.equal(coverage);
  });

  it('refuse a second run in the same thread while one has not ended', async () => {
    const results = await Promise.all([tryCluster(idle, setting), tryCluster(idle, setting)]);
    expect(results.map(({ error }) => String(error))[1]).to.contain('Another simulation runs in this thread');
    expect(results[0]?.error).to.equal(undefined);
  });
});
