import 'reflect-metadata';
import { expect } from 'chai';
import { Actor } from '../../../decorators/actor';
import { Handler } from '../../../decorators/handler';
import type { ContainerModule } from '../../../lib/injection/container-module';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import { Invariants, type ModuleInvariant } from '../../../lib/simulation/seed-run/contributed-invariants';
import { runRecipe } from '../../../lib/simulation/seed-run/run-seed';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';

@Actor({ name: 'Counted' })
class Counted {
  @Handler() async call(): Promise<void> {}
}

/** Calls an actor three times in a simulation that has the invariants by modules. */
function runWith(...invariants: readonly ModuleInvariant[]): Promise<SeedResult> {
  class Simulation {
    static readonly actors = [Counted];
    static readonly modules: readonly ContainerModule[] = [
      { name: 'rules', load: (_bind, contribute) => contribute(Invariants, ...invariants) },
    ];
    async body(cluster: SimulatedCluster): Promise<void> {
      for (let call = 0; call < 3; call++) await cluster.client().actor(Counted, 'a').call();
    }
  }
  const test = { method: 'body', seeds: 1, options: { chaos: 'calm', nodes: 1 }, isStaticMember: false } as const;
  return runRecipe({ type: Simulation, tests: [test], invariants: [] }, test, { seed: 1 }, { clock: { now: () => 0 } });
}

describe('An invariant that a module contributes', () => {
  it('is checked after the events that it names', async () => {
    const seen: (string | undefined)[] = [];
    const { error } = await runWith({
      name: 'sees turns',
      after: ['turn-end'],
      check: ({ event }) => void seen.push(event?.name),
    });
    expect(error).to.equal(undefined);
    expect(seen).to.deep.equal(['turn-end', 'turn-end', 'turn-end']);
  });

  it('is checked after every event when it names none', async () => {
    let checks = 0;
    const { events } = await runWith({ name: 'sees everything', check: () => void checks++ });
    expect(checks).to.be.greaterThan(10).and.at.most(events);
  });

  it('fails the run by its name when it does not hold', async () => {
    let turns = 0;
    const few: ModuleInvariant = {
      name: 'turns are few',
      after: ['turn-end'],
      check: () => {
        if (++turns > 2) throw new Error(`there were ${turns} turns`);
      },
    };
    const { error } = await runWith(few);
    expect(String(error)).to.match(/INVARIANT_BROKEN: The invariant 'turns are few' does not hold: there were 3 turns/);
  });

  it('fails the run when it waits for events that never happen', async () => {
    const { error } = await runWith({ name: 'idle', after: ['turn-ended' as never], check: () => undefined });
    expect(String(error)).to.match(/INVALID_MODULE: .* "turn-ended" was given; did you mean 'turn-end'\?/);
    const { error: none } = await runWith({ name: 'idle', after: [], check: () => undefined });
    expect(String(none)).to.match(/INVALID_MODULE: .*Invariants takes an invariant/);
  });

  it('fails the run with what is wrong when it is none', async () => {
    const { error } = await runWith({ name: 'lame' } as ModuleInvariant);
    expect(String(error)).to.match(
      /INVALID_MODULE: The module rules contributes what it must not: Invariants takes an invariant/,
    );
  });
});
