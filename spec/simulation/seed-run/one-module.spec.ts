import 'reflect-metadata';
import { expect } from 'chai';
import { Actor } from '../../../decorators/actor';
import { Handler } from '../../../decorators/handler';
import { Filters } from '../../../lib/actor/call-filter';
import { Actors } from '../../../lib/actor/known-classes';
import type { ContainerModule } from '../../../lib/injection/container-module';
import { EventLog } from '../../../lib/observability/event-log';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import { Invariants } from '../../../lib/simulation/seed-run/contributed-invariants';
import { runRecipe } from '../../../lib/simulation/seed-run/run-seed';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';
import { hasActors, planSimulation } from '../../../lib/simulation/seed-run/simulation-class';

@Actor({ name: 'MeteredGreeter' })
class Greeter {
  @Handler() async greet(): Promise<string> {
    return 'hello';
  }
}

/** A feature that allows as many calls of its actor as it was given, by an actor, a filter and an invariant: one module. */
function meteredGreeter(allowed: number): ContainerModule {
  return {
    name: 'metered-greeter',
    load(_bind, contribute) {
      contribute(Actors, Greeter);
      contribute(Filters.incoming).toFactory([EventLog], (events) => (call, next) => {
        events.record('greeter:metered', { actor: call.actor.path });
        return next();
      });
      contribute(Invariants, {
        name: 'calls are metered',
        after: ['greeter:metered'],
        check(view) {
          const metered = view.events('greeter:metered').length;
          if (metered > allowed) throw new Error(`${metered} calls were served, and ${allowed} are allowed`);
        },
      });
    },
  };
}

const test = { method: 'body', seeds: 1, options: { chaos: 'calm', nodes: 2 }, isStaticMember: false } as const;

/** Calls the actor three times, in a simulation that has nothing but the module. */
function runWith(
  module: ContainerModule,
  onEvent: (event: TimelineEvent) => void = () => undefined,
): Promise<SeedResult> {
  class Simulation {
    static readonly modules = [module];
    async body(cluster: SimulatedCluster): Promise<void> {
      const greeter = cluster.client().actor(Greeter, 'a');
      for (let call = 0; call < 3; call++) expect(await greeter.greet()).to.equal('hello');
    }
  }
  return runRecipe(
    { type: Simulation, tests: [test], invariants: [] },
    test,
    { seed: 1 },
    { clock: { now: () => 0 }, onEvent },
  );
}

describe('A simulation of one module', () => {
  it('runs its actors behind its filters, and holds to its invariants', async () => {
    const events: string[] = [];
    const { error } = await runWith(meteredGreeter(3), ({ name }) => events.push(name));
    expect(error).to.equal(undefined);
    expect(events.filter((name) => name === 'greeter:metered')).to.have.length(3);
  });

  it('fails by the name of its invariant', async () => {
    const { error } = await runWith(meteredGreeter(2));
    expect(String(error)).to.contain("The invariant 'calls are metered' does not hold: 3 calls were served");
  });

  it('needs no list of actors beside the module', () => {
    class Bare {
      static readonly modules = [meteredGreeter(1)];
    }
    class Empty {
      static readonly modules = [{ name: 'nothing', load: () => undefined }];
    }
    class Faulty {
      static readonly modules = [
        {
          name: 'faulty',
          load: () => {
            throw new Error('not today');
          },
        },
      ];
    }
    expect([hasActors(Bare), hasActors(Empty), hasActors(Faulty)]).to.deep.equal([true, false, true]);
    expect(() => planSimulation(Empty)).to.throw('or give it a module that contributes some');
  });
});
