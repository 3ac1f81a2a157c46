import { Actor, ActorContext, ActorState, Handler, inject, Persist, Timer, type ActorRuntime, retry } from 'moonpool';
import { SimulationTest, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { settle } from './settled-calls';
import { PATIENCE } from './patience';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];

const LEASE_MS = 3_000;

/** Keeps nothing in the store: only its registration and the lease of its node keep a second one away. */
@Actor({ name: 'Watchman' })
class Watchman {
  private rounds = 0;
  private readonly since: number;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {
    this.since = context.time.now();
  }

  @Timer({ everyMs: 150 }) async walk(): Promise<void> {
    this.rounds++;
    await this.context.time.sleep(this.context.random.below(60));
  }

  @Handler() async report(ms: number): Promise<number> {
    await this.context.time.sleep(ms);
    return this.rounds;
  }

  @Handler({ readOnly: true }) async hours(): Promise<number> {
    return this.context.time.now() - this.since;
  }
}

class Book {
  lines = 0;
}

/** Writes that are under way when its node is cut off arrive when somebody else has the book; and the lease may end while a line is thought of. */
@Actor({ name: 'Scribe' })
class Scribe {
  @Persist(Book) private readonly book!: ActorState<Book>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async write(ms: number): Promise<number> {
    await this.context.time.sleep(ms);
    this.book.value.lines++;
    await this.book.persist();
    return this.book.value.lines;
  }

  @Handler({ readOnly: true }) async lines(): Promise<number> {
    return this.book.value.lines;
  }
}

/** Nodes that stand still, or reach everybody but the store, for about as long as their lease: whoever comes back must know that it is over. */
export class NodesWithoutTheirStoreSimulation {
  static readonly actors = [Watchman, Scribe];

  /** Seed 605: a node without a lease turned a call away at its door while an earlier one waited inside, and was rejected later. */
  @SimulationTest([1, 2, 3, 605], {
    nodes: 4,
    clients: 3,
    chaos: 'default',
    leaseTtlMs: LEASE_MS,
    maxDead: 1,
  })
  async whoeverLosesItsLeaseServesNoMore(cluster: SimulatedCluster): Promise<void> {
    let isOver = false;
    const watched = Promise.all(
      Array.from({ length: cluster.clientCount }, (_, index) => watch(cluster, cluster.client(index), () => isOver)),
    );
    for (let round = 0; round < 6; round++) {
      const node = cluster.nodes[cluster.random.below(cluster.nodeCount)] as SimulatedNode;
      await trouble(cluster, node, Math.round(LEASE_MS * (0.5 + 1.5 * cluster.random.fraction())));
    }
    isOver = true;
    await watched;
    await cluster.quiesce();
    for (const key of KEYS) {
      await retry(() => cluster.client().actor(Watchman, key).report(0), PATIENCE);
      await retry(() => cluster.client().actor(Scribe, key).lines(), PATIENCE);
    }
  }
}

/** Half of the time the node stands still, half of the time it is cut off from the store alone; then comes a little peace. */
async function trouble(cluster: SimulatedCluster, node: SimulatedNode, forMs: number): Promise<void> {
  const standsStill = cluster.random.below(2) === 0;
  if (standsStill) await cluster.pause(node, forMs);
  else cluster.isolate(node, { fromOthers: false, forMs });
  await cluster.sleep(forMs + cluster.random.below(LEASE_MS));
  cluster.sometimes('a node lost its lease while it stood still', standsStill && forMs > LEASE_MS);
  cluster.sometimes('a node lost its lease for want of the store', !standsStill && forMs > LEASE_MS);
  cluster.sometimes('a node kept its lease', forMs < LEASE_MS * 0.7);
}

/** Asks on and on, whether or not earlier questions were answered: they go out while others are under way to a node that is gone. */
async function watch(cluster: SimulatedCluster, client: ActorRuntime, isOver: () => boolean): Promise<void> {
  const answers: Promise<unknown>[] = [];
  while (!isOver()) {
    const key = KEYS[cluster.random.below(KEYS.length)] as string;
    const limit = { timeoutMs: 100 + cluster.random.below(8_000) };
    const watchman = client.actor(Watchman, key).$with(limit);
    const scribe = client.actor(Scribe, key).$with(limit);
    const what = cluster.random.below(7);
    if (what === 0) watchman.$send.report(cluster.random.below(30));
    else if (what > 3) answers.push(settle([what === 4 ? scribe.write(cluster.random.below(300)) : scribe.lines()]));
    else answers.push(settle([what === 1 ? watchman.hours() : watchman.report(cluster.random.below(30))]));
    await cluster.sleep(cluster.random.below(150));
  }
  await Promise.all(answers);
}
