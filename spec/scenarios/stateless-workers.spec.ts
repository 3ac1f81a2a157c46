import { Actor, ActorContext, Handler, inject, StatelessWorker, retry } from 'moonpool';
import { sometimes } from 'moonpool/assertions';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { PATIENCE } from './patience';

const MOST_WORKERS = 3;

const sawSeveral = sometimes('a stateless worker had several activations at once');

@StatelessWorker({ maxPerNode: MOST_WORKERS })
@Actor({ name: 'Squarer', idleTimeoutMs: 200 })
class Squarer {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  private isBusy = false;

  @Handler() async square(number: number): Promise<number> {
    if (this.isBusy) throw new RangeError('two turns at once');
    this.isBusy = true;
    await this.context.time.sleep(20);
    this.isBusy = false;
    return number * number;
  }
}

@Actor({ name: 'Summer' })
class Summer {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async squares(numbers: readonly number[]): Promise<number> {
    const began = this.context.time.now();
    const squares = await Promise.all(numbers.map((number) => this.context.actor(Squarer, 'any').square(number)));
    sawSeveral.check(this.context.time.now() - began < 20 * numbers.length);
    return squares.reduce((sum, square) => sum + square, 0);
  }
}

export class StatelessWorkerSimulation {
  static readonly actors = [Squarer, Summer];
  static readonly assertions = [sawSeveral];

  /** In seed 139 a call to a worker overtakes an earlier one, as it may. */
  @SimulationTest([...Array.from({ length: 50 }, (_, index) => index + 1), 139], {
    nodes: 3,
    clients: 2,
    chaos: 'hostile',
  })
  async workersAnswerWhateverHappens(cluster: SimulatedCluster): Promise<void> {
    thereAreNoMoreThan(MOST_WORKERS, cluster);
    await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        for (let round = 0; round < 3; round++) {
          const sum = await retry(
            () =>
              cluster
                .client(index % 2)
                .actor(Summer, index)
                .$with({ timeoutMs: 5_000 })
                .squares([1, 2, 3]),
            PATIENCE,
          );
          if (sum !== 14) throw new Error(`the squares of 1, 2 and 3 sum to ${sum}`);
          const square = await retry(
            () =>
              cluster
                .client(index % 2)
                .actor(Squarer, 'any')
                .$with({ timeoutMs: 5_000 })
                .square(index),
            PATIENCE,
          );
          if (square !== index * index) throw new Error(`the square of ${index} is ${square}`);
        }
      }),
    );
  }
}

/** Fails the run when more are active on a node at once. */
function thereAreNoMoreThan(most: number, cluster: SimulatedCluster): void {
  const active = new Map<string, string>();
  cluster.onEvent(
    ({ name, node, fields }) => {
      const id = String(fields['activation']);
      if (name === 'death') for (const [worker, of] of active) if (of === node) active.delete(worker);
      if (name === 'deactivate') active.delete(id);
      if (name !== 'activate' || !String(fields['actor']).includes('/Squarer/')) return;
      active.set(id, node);
      const here = [...active].filter(([, of]) => of === node).map(([worker]) => worker);
      if (here.length > most)
        throw new Error(`${node} has the workers ${here.join(', ')} at once; the limit is ${most}`);
    },
    ['activate', 'deactivate', 'death'],
  );
}
