import { expect } from 'chai';
import { LocalSeedRunner } from '../../../lib/simulation/runner/seed-runner';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';
import { reduceFailure, signatureOf } from '../../../lib/simulation/reduction/reduce-failure';
import type { Registration } from '../../../lib/directory/actor-directory';
import { MemoryDirectory } from '../../../lib/directory/memory-directory';
import { MoonpoolError } from '../../../lib/errors/moonpool-error';
import { planOf, untilAnswered } from '../cluster/cluster-fixture';
import { Ledger } from '../cluster/ledger-fixture';

/** A directory with a bug: who registers later wins, though an activation is there. */
class CarelessDirectory extends MemoryDirectory {
  override async register(candidate: Registration): Promise<Registration> {
    const present = await this.lookup(candidate.actor);
    return super.register(candidate, present?.activation);
  }
}

function fragile() {
  const plan = planOf(
    async (cluster) => {
      const work = [0, 1].map(async (client) => {
        for (let entry = 0; entry < 40; entry++) {
          await untilAnswered(cluster, () =>
            cluster
              .client(client)
              .actor(Ledger, `k${entry % 4}`)
              .append(entry),
          );
          await cluster.sleep(cluster.random.below(400));
        }
      });
      await Promise.all(work);
    },
    { chaos: 'hostile', clients: 2 },
  );
  const [test] = plan.tests;
  if (test === undefined) throw new Error('The plan has no test.');
  return new LocalSeedRunner(plan, test, {
    clock: { now: () => 0 },
    // Each run has a store of its own.
    get store() {
      return { directory: new CarelessDirectory() };
    },
  });
}

describe('A failing run', function () {
  this.timeout(60_000);

  it('is reduced from dozens of faults to five or fewer, and fails as before', async () => {
    const runner = fragile();
    let failure: SeedResult | undefined;
    await runner.run(
      Array.from({ length: 300 }, (_, index) => ({ seed: index + 1 })),
      (result) => {
        if (result.error !== undefined && result.struck.length >= 60) failure = result;
        return failure === undefined;
      },
    );
    if (failure === undefined) throw new Error('No seed failed.');
    const reduction = await reduceFailure(runner, failure, { maxRuns: 1_500 });
    expect(reduction?.faultsBefore).to.be.at.least(60);
    expect(reduction?.recipe.only?.length).to.be.at.most(5);
    expect(signatureOf(reduction?.result.error)).to.equal(signatureOf(failure.error));
    let replayed: SeedResult | undefined;
    await runner.run([reduction?.recipe ?? { seed: 0 }], (result) => void (replayed = result));
    expect(replayed?.hash).to.equal(reduction?.result.hash);
  });

  it('is known again by its kind, not by the numbers in its message', () => {
    const broken = (message: string) => new MoonpoolError('INVARIANT_BROKEN', { message });
    expect(signatureOf(broken("The invariant 'a' does not hold: 3 left"))).to.equal(
      signatureOf(broken("The invariant 'a' does not hold: 17 left")),
    );
    expect(signatureOf(broken("The invariant 'a' does not hold"))).not.to.equal(
      signatureOf(broken("The invariant 'b' does not hold")),
    );
    expect(signatureOf(new Error('lost 3'))).to.equal(signatureOf(new Error('lost 20')));
    expect(signatureOf(new TypeError('lost 3'))).not.to.equal(signatureOf(new Error('lost 3')));
  });
});
