import { Actor, ActorContext, ActorState, Handler, inject, isMoonpoolError, Persist, Timer, retry } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { PATIENCE } from './patience';

const TEN_MINUTES_MS = 600_000;

const KEYS = Array.from({ length: 12 }, (_, index) => `m${index}`);

class Reading {
  total = 0;
}

/** Is used now and then, so that it sleeps, wakes and moves many times in the course of a run. */
@Actor({ name: 'Meter', idleTimeoutMs: 20_000 })
class Meter {
  @Persist(Reading) private readonly reading!: ActorState<Reading>;
  private ticks = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Timer({ everyMs: 5_000 }) async tick(): Promise<void> {
    this.ticks++;
    await this.context.time.sleep(5);
  }

  @Handler() async count(): Promise<number> {
    this.reading.value.total++;
    await this.reading.persist();
    return this.reading.value.total;
  }

  @Handler({ readOnly: true }) async total(): Promise<number> {
    return this.reading.value.total;
  }
}

/** What only shows after a while: leases renewed hundreds of times, actors that sleep and wake, nodes that die of age and come again. */
export class LongRunsSimulation {
  static readonly actors = [Meter];

  @SimulationTest(1, { nodes: 3, clients: 2, chaos: 'default', realLimitMs: 120_000 })
  async tenMinutesOfOrdinaryLife(cluster: SimulatedCluster): Promise<void> {
    const counted = new Map<string, { acknowledged: number; asked: number }>(
      KEYS.map((key) => [key, { acknowledged: 0, asked: 0 }]),
    );
    await Promise.all([
      ...Array.from({ length: cluster.clientCount }, (_, index) => readMeters(cluster, index, counted)),
      replaceNodes(cluster),
    ]);
    await cluster.quiesce();
    for (const [key, { acknowledged, asked }] of counted) {
      const total = await retry(() => cluster.client().actor(Meter, key).total(), PATIENCE);
      if (total < acknowledged || total > asked)
        throw new Error(`${key} was asked ${asked} times, acknowledged ${acknowledged}, and has ${total}`);
    }
  }
}

async function readMeters(
  cluster: SimulatedCluster,
  client: number,
  counted: Map<string, { acknowledged: number; asked: number }>,
): Promise<void> {
  while (cluster.now < TEN_MINUTES_MS) {
    const key = KEYS[cluster.random.below(KEYS.length)] as string;
    const count = counted.get(key);
    if (count === undefined) return;
    count.asked++;
    try {
      await cluster.client(client).actor(Meter, key).$with({ timeoutMs: 10_000 }).count();
      count.acknowledged++;
    } catch (error) {
      if (!isMoonpoolError(error) || error.code === 'HANDLER_FAILED') throw error;
    }
    await cluster.sleep(cluster.random.below(4_000));
  }
}

/** Somebody deploys or pulls a plug about once a minute. */
async function replaceNodes(cluster: SimulatedCluster): Promise<void> {
  while (cluster.now < TEN_MINUTES_MS) {
    await cluster.sleep(30_000 + cluster.random.below(60_000));
    const node = cluster.nodes[cluster.random.below(cluster.nodeCount)];
    if (node === undefined) return;
    if (cluster.random.below(2) === 0) await cluster.shutdown(node);
    else await cluster.crash(node);
    await cluster.sleep(cluster.random.below(20_000));
    await cluster.restart(node);
  }
}
