import { Actor, Handler, isMoonpoolError, Persist, retry, type ActorState } from 'moonpool';
import { SimulationTest, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { PATIENCE } from './patience';
import { settle } from './settled-calls';

const SHELVES = 30;
const ROUNDS = 12;

class Books {
  titles: string[] = [];
}

/** Remembers what it was given, and how often, in memory too. */
@Actor({ name: 'Shelf' })
class Shelf {
  @Persist(Books) private readonly books!: ActorState<Books>;
  private known: number | undefined;

  onRehydrate(known: number): void {
    this.known = known;
  }

  onDehydrate(): number {
    return this.known ?? 0;
  }

  onActivate(): void {
    const stored = this.books.value.titles.length;
    if (this.known !== undefined && this.known !== stored)
      throw new Error(`a shelf has come with ${this.known} books, and has ${stored}`);
    this.known = stored;
  }

  @Handler({ idempotent: true }) async add(title: string): Promise<void> {
    this.books.value.titles.push(title);
    this.known = this.books.value.titles.length;
    await this.books.persist();
  }

  @Handler({ readOnly: true }) async titles(): Promise<string[]> {
    return this.books.value.titles;
  }
}

/** Activations move to nodes that have fewer while nodes come and go: nothing that was acknowledged is lost, or there twice. */
export class RebalancingSimulation {
  static readonly actors = [Shelf];

  // In one world in twelve nodes rebalance; 18, 21, 22 and 29 are such.
  @SimulationTest([1, 2, 18, 21, 22, 29], { nodes: 4, clients: 2, chaos: 'hostile' })
  async shelvesKeepTheirBooks(cluster: SimulatedCluster): Promise<void> {
    const acknowledged = new Map<string, string[]>();
    let moved = 0;
    cluster.onEvent(({ fields }) => void (fields['outcome'] === 'moved' && moved++), ['migrate-end']);
    let isOver = false;
    const comings = endAndStart(cluster, () => isOver);
    await Promise.all([0, 1].map((client) => fill(cluster, client, acknowledged)));
    isOver = true;
    await comings;
    await cluster.quiesce();
    for (const [key, titles] of acknowledged) {
      const stored = await retry(() => cluster.client().actor(Shelf, key).titles(), PATIENCE);
      const lost = titles.filter((title) => !stored.includes(title));
      if (lost.length > 0) throw new Error(`${key} has lost ${lost.join()}`);
      if (new Set(stored).size < stored.length) throw new Error(`${key} has a book twice: ${stored.join()}`);
    }
    cluster.sometimes('an actor moved to a node with fewer', moved > 0);
  }
}

/** Adds books in rounds with pauses, in which actors rest. */
async function fill(cluster: SimulatedCluster, client: number, acknowledged: Map<string, string[]>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const keys = Array.from({ length: SHELVES }, (_, index) => `s${index}`).filter(() => cluster.random.below(2) === 0);
    const titles = keys.map((_, index) => `${client}-${round}-${index}`);
    const answers = await settle(
      keys.map((key, index) =>
        cluster
          .client(client)
          .actor(Shelf, key)
          .$with({ timeoutMs: 20_000 })
          .add(titles[index] as string),
      ),
    );
    keys.forEach((key, index) => {
      if (isMoonpoolError(answers[index])) return;
      acknowledged.set(key, [...(acknowledged.get(key) ?? []), titles[index] as string]);
    });
    await cluster.sleep(1_000 + cluster.random.below(5_000));
  }
}

async function endAndStart(cluster: SimulatedCluster, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await cluster.sleep(2_000 + cluster.random.below(8_000));
    const node = cluster.nodes[cluster.random.below(cluster.nodes.length)] as SimulatedNode;
    if (!node.isServing) continue;
    if (cluster.random.below(2) === 0) await cluster.crash(node);
    else await node.shutdown();
    await cluster.restart(node);
  }
}
