import { Actor, ActorContext, ActorState, Handler, inject, isMoonpoolError, Persist, retry } from 'moonpool';
import { SimulationTest, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { settle } from './settled-calls';
import { PATIENCE } from './patience';

const KEYS = Array.from({ length: 10 }, (_, index) => `c${index}`);

class Tally {
  count = 0;
}

@Actor({ name: 'Survivor' })
class Survivor {
  @Persist(Tally) private readonly tally!: ActorState<Tally>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async count(): Promise<number> {
    this.tally.value.count++;
    await this.tally.persist();
    return this.tally.value.count;
  }

  /** Has another one count too, so that turns wait across nodes when these die. */
  @Handler() async countWith(other: string): Promise<number> {
    const count = await this.count();
    await this.context.actor(Survivor, other).count();
    return count;
  }

  @Handler({ readOnly: true }) async total(): Promise<number> {
    return this.tally.value.count;
  }
}

/** All nodes but one die at the same moment: the one that is left takes over all actors, and nothing acknowledged is gone. */
export class DeathsOfMostSimulation {
  static readonly actors = [Survivor];

  @SimulationTest(7, { nodes: 5, clients: 3, chaos: 'default' })
  async oneNodeTakesOverFromAllOthers(cluster: SimulatedCluster): Promise<void> {
    const acknowledged = new Map<string, number>();
    let isOver = false;
    const counting = Promise.all(
      Array.from({ length: cluster.clientCount }, (_, index) => countOn(cluster, index, acknowledged, () => isOver)),
    );
    for (let round = 0; round < 3; round++) {
      await cluster.sleep(1_000 + cluster.random.below(2_000));
      const spared = cluster.random.below(cluster.nodeCount);
      const dying = cluster.nodes.filter((_, index) => index !== spared);
      await Promise.all(dying.map((node) => cluster.crash(node, cluster.random.below(2) === 0 ? 'power' : 'process')));
      // Some rounds are so short that leases outlive their nodes, and some are long enough for all to be taken over.
      await cluster.sleep(cluster.random.below(12_000));
      const last = await retry(
        () =>
          cluster
            .client()
            .actor(Survivor, KEYS[0] as string)
            .total(),
        PATIENCE,
      );
      cluster.sometimes(
        'an actor was taken over while most nodes were dead',
        last > 0 && cluster.runningNodes.length === 1,
      );
      await Promise.all(dying.map((node: SimulatedNode) => cluster.restart(node)));
    }
    isOver = true;
    await counting;
    await cluster.quiesce();
    for (const key of KEYS) {
      const total = await retry(() => cluster.client().actor(Survivor, key).total(), PATIENCE);
      const least = acknowledged.get(key) ?? 0;
      if (total < least) throw new Error(`${key} acknowledged ${least} and has ${total}`);
    }
  }
}

async function countOn(
  cluster: SimulatedCluster,
  client: number,
  acknowledged: Map<string, number>,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const first = cluster.random.below(KEYS.length);
    const key = KEYS[first] as string;
    const other = KEYS[(first + 1 + cluster.random.below(KEYS.length - 1)) % KEYS.length] as string;
    const survivor = cluster.client(client).actor(Survivor, key).$with({ timeoutMs: 3_000 });
    const [end] = await settle([
      cluster.random.below(3) === 0 ? withOther(survivor.countWith(other)) : survivor.count(),
    ]);
    if (typeof end === 'number') acknowledged.set(key, Math.max(acknowledged.get(key) ?? 0, end));
    await cluster.sleep(cluster.random.below(250));
  }
}

/** What the other one's failure comes to: the turn that asked it ends with an error that has it as its cause. */
async function withOther(call: Promise<number>): Promise<number> {
  try {
    return await call;
  } catch (error) {
    if (isMoonpoolError(error, 'HANDLER_FAILED') && isMoonpoolError(error.cause)) throw error.cause;
    throw error;
  }
}
