import 'reflect-metadata';
import { expect } from 'chai';
import { Actor } from '../../../decorators/actor';
import { Handler } from '../../../decorators/handler';
import { inject } from '../../../decorators/inject';
import { Persist } from '../../../decorators/persist';
import type { ActorState } from '../../../lib/actor/actor-state';
import { Buggify } from '../../../lib/chaos/buggify';
import { isMoonpoolError } from '../../../lib/errors/moonpool-error';
import { EventLog } from '../../../lib/observability/event-log';
import { StateRegistry } from '../../../lib/observability/state-registry';
import { ClusterView } from '../../../lib/simulation/cluster/cluster-view';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import { runRecipe } from '../../../lib/simulation/seed-run/run-seed';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';
import { onCluster, tryCluster } from './cluster-fixture';

@Actor({ name: 'Teller' })
class Teller {
  private sum = 0;

  constructor(
    @inject(EventLog) private readonly events: EventLog,
    @inject(StateRegistry) registry: StateRegistry,
    @inject(Buggify) readonly buggify: Buggify,
  ) {
    registry.publish('teller', () => ({ sum: this.sum }));
  }

  @Handler()
  async add(amount: number): Promise<void> {
    this.sum += amount;
    this.events.record('teller:added', { amount, sum: this.sum });
  }
}

class Kept {
  sum = 0;
}

@Actor({ name: 'Keeper' })
class Keeper {
  @Persist(Kept) readonly kept!: ActorState<Kept>;
  @Handler() async keep(): Promise<void> {}
}

const statics = { actors: [Teller] };
const add = async (cluster: SimulatedCluster): Promise<void> => {
  for (const amount of [1, 2, 3]) await cluster.client().actor(Teller, 'a').add(amount);
};

/** Runs the body with an invariant. */
function runWith(invariant: (view: ClusterView) => void, after: readonly string[] | undefined): Promise<SeedResult> {
  class Simulation {
    static readonly actors = [Teller, Keeper];
    body(cluster: SimulatedCluster): Promise<void> {
      return add(cluster);
    }
    invariant(view: ClusterView): void {
      invariant(view);
    }
  }
  const test = { method: 'body', seeds: 1, options: { chaos: 'calm', nodes: 1 }, isStaticMember: false } as const;
  const plan = {
    type: Simulation,
    tests: [test],
    invariants: [{ method: 'invariant', isStaticMember: false, options: after === undefined ? {} : { after } }],
  };
  return runRecipe(plan, test, { seed: 1 }, { clock: { now: () => 0 } });
}

describe('What an invariant sees', () => {
  it('are the events of the application, by the names that it asks for, with their node', async () => {
    const seen: TimelineEvent[] = [];
    const { error } = await runWith(
      ({ event }) => {
        if (event !== undefined) seen.push(event);
      },
      ['teller:added'],
    );
    expect(error).to.equal(undefined);
    expect(seen.map(({ node, name, fields }) => [node, name, fields['sum']])).to.deep.equal(
      [1, 3, 6].map((sum) => ['node1', 'teller:added', sum]),
    );
  });

  it('is the published state of each node, and the last events', async () => {
    const sums: unknown[] = [];
    let added = 0;
    await runWith(
      (view) => {
        sums.push(view.registry('node1')?.read('teller'));
        added = view.events('teller:added').length;
      },
      ['turn-end'],
    );
    expect(sums).to.deep.equal([{ sum: 1 }, { sum: 3 }, { sum: 6 }]);
    expect(added).to.equal(3);
  });

  it('is named when the invariant does not hold: which event it was, where and when', async () => {
    const { error } = await runWith(
      (view) => {
        if (view.event?.fields['sum'] === 3) throw new Error('three is too much');
      },
      ['teller:added'],
    );
    expect(String(error)).to.match(
      /The invariant 'invariant' does not hold: three is too much \(after event \d+, teller:added on node1\.1 at [\d.]+s\)/,
    );
  });

  for (const [what, look, told] of [
    [
      'a class that it has no actors of',
      (view) => view.stateOf(class Other {}, 'a'),
      /stateOf.*the class Other.*\. Its actors are Keeper, Teller\./,
    ],
    [
      'what is no class',
      (view) => view.stateOf(undefined as never, 'a'),
      /undefined, of which this simulation has no actors/,
    ],
    ['a state of a class that has none', (view) => view.stateOf(Teller, 'a'), /a state of Teller, which declares none/],
    [
      'a state by a wrong name',
      (view) => view.stateOf(Keeper, 'a', 'kepd'),
      /the state 'kepd' of Keeper.*did you mean 'kept'\?.*It has 'kept'/,
    ],
    [
      'events of a class that has no journal',
      (view) => view.eventsOf(Keeper, 'a'),
      /a journal of Keeper, which declares none/,
    ],
    ['events that never happen', (view) => view.events('turn-ended' as never), /did you mean 'turn-end'\?/],
  ] as readonly (readonly [string, (view: ClusterView) => unknown, RegExp])[])
    it(`is refused when it is ${what}, in place of nothing`, async () => {
      const { error } = await runWith((view) => void look(view), ['turn-end']);
      expect(String(error)).to.match(told);
      expect(isMoonpoolError((error as Error).cause, 'INVALID_OPTION')).to.equal(true);
    });

  it('is undefined of an actor of the simulation that has written nothing', async () => {
    const seen: unknown[] = [];
    const { error } = await runWith((view) => void seen.push(view.stateOf(Keeper, 'a', 'kept')), ['turn-end']);
    expect([error, ...new Set(seen)]).to.deep.equal([undefined, undefined]);
  });

  it('is nothing of a node that is down', async () => {
    await onCluster(
      async (cluster) => {
        const [first] = cluster.nodes;
        if (first === undefined) throw new Error('There is no node.');
        expect(cluster.processes.registryOf(first.name)?.keys).to.include('activations');
        await cluster.crash(first);
        expect(cluster.processes.registryOf(first.name)).to.equal(undefined);
      },
      { statics },
    );
  });

  it('can be listened to by a test, by names', async () => {
    const names = new Set<string>();
    await onCluster(
      async (cluster) => {
        cluster.onEvent(({ name }) => names.add(name), ['teller:added', 'turn-start']);
        await add(cluster);
      },
      { statics },
    );
    expect([...names].sort()).to.deep.equal(['teller:added', 'turn-start']);
  });

  for (const name of ['turn-start', 'call', 'call-end', 'activate', 'directory-register'] as const) {
    it(`fails the run with what a listener throws after ${name}, though whoever made it happen swallows everything`, async () => {
      const { error } = await tryCluster(
        async (cluster) => {
          cluster.onEvent(() => {
            throw new RangeError('an oracle speaks');
          }, [name]);
          // Neither the caller nor the code under test lets anything through.
          await add(cluster).catch(() => undefined);
          await cluster.sleep(1_000);
        },
        { statics },
      );
      expect(String(error)).to.equal('RangeError: an oracle speaks');
    });
  }

  it('does not let the code under test see what a listener throws', async () => {
    const ends: unknown[] = [];
    const { error } = await tryCluster(
      async (cluster) => {
        cluster.onEvent(({ name, fields }) => {
          if (name === 'turn-end') ends.push(fields['outcome']);
          if (name === 'turn-start') throw new RangeError('an oracle speaks');
        });
        await add(cluster);
      },
      { statics },
    );
    expect(String(error)).to.contain('an oracle speaks');
    expect(ends).not.to.include('error');
  });
});
