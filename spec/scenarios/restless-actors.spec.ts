import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  type ActorRuntime,
  retry,
} from 'moonpool';
import { SimulationTest, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { settle } from './settled-calls';
import { PATIENCE } from './patience';

const KEYS = ['n1', 'n2', 'n3', 'n4'];

class Diary {
  /** The last entry of each writer. */
  last: Record<string, number> = {};
}

/** Never stays: it ends itself again and again, is let go of after a moment without calls, and moves when its node ends. */
@Actor({ name: 'Nomad', idleTimeoutMs: 40 })
class Nomad {
  @Persist(Diary) private readonly diary!: ActorState<Diary>;
  private notes = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** Refuses what comes out of order: it remembers the last entry of each writer across all its lives. */
  @Handler() async write(writer: string, entry: number): Promise<number> {
    const { last } = this.diary.value;
    const before = last[writer] ?? 0;
    if (entry <= before) throw new RangeError(`the entry ${entry} of ${writer} comes after ${before}`);
    last[writer] = entry;
    await this.diary.persist();
    if (this.context.random.below(3) === 0) this.context.deactivateOnIdle();
    return entry;
  }

  @Handler() async note(): Promise<void> {
    this.notes++;
    if (this.notes % 2 === 0) this.context.deactivateOnIdle();
  }

  @Handler({ readOnly: true }) async lastOf(writer: string): Promise<number> {
    return this.diary.value.last[writer] ?? 0;
  }
}

/** Calls in a pipeline to actors that move under them: each begins once at most and in its order, wherever it ends up. */
export class RestlessActorsSimulation {
  static readonly actors = [Nomad];

  @SimulationTest(7, { nodes: 3, clients: 3, chaos: 'default', maxDead: 1 })
  async pipelinesKeepTheirOrder(cluster: SimulatedCluster): Promise<void> {
    let isOver = false;
    const moves = moveNodes(cluster, () => isOver);
    const acknowledged = await Promise.all(
      KEYS.flatMap((key) =>
        Array.from({ length: cluster.clientCount }, (_, index) =>
          writeDown(cluster, cluster.client(index), key, `w${index}`),
        ),
      ),
    );
    isOver = true;
    await moves;
    await cluster.quiesce();
    for (const { key, writer, entry } of acknowledged) {
      const last = await retry(() => cluster.client().actor(Nomad, key).lastOf(writer), PATIENCE);
      if (last < entry) throw new Error(`${key} has forgotten the entry ${entry} of ${writer}: its last is ${last}`);
    }
  }

  /** Nothing fails, so nothing may be lost: neither an answer nor a message. */
  @SimulationTest(10, { nodes: 3, clients: 2, chaos: 'calm' })
  async whoeverEndsItselfLosesNothing(cluster: SimulatedCluster): Promise<void> {
    const handled = new Map<string, number>();
    cluster.onEvent(
      ({ name, fields }) => {
        if (name === 'turn-end') handled.set(String(fields['actor']), (handled.get(String(fields['actor'])) ?? 0) + 1);
      },
      ['turn-end'],
    );
    await Promise.all(
      KEYS.map(async (key, index) => {
        const nomad = cluster.client(index % cluster.clientCount).actor(Nomad, key);
        for (let round = 0; round < 10; round++) {
          for (let message = 0; message < 10; message++) nomad.$send.note();
          await nomad.write('calm', round + 1);
          await cluster.sleep(cluster.random.below(60));
        }
      }),
    );
    await cluster.sleep(1_000);
    for (const key of KEYS) {
      const turns = handled.get(`simulation/Nomad/${key}`);
      if (turns !== 110) throw new Error(`${key} had ${turns} turns for 100 messages and 10 calls`);
    }
  }
}

async function writeDown(
  cluster: SimulatedCluster,
  client: ActorRuntime,
  key: string,
  writer: string,
): Promise<{ key: string; writer: string; entry: number }> {
  let entry = 0;
  let acknowledged = 0;
  const pipelines: ReturnType<typeof settle<number>>[] = [];
  for (let round = 0; round < 12; round++) {
    const nomad = client.actor(Nomad, key).$with({ timeoutMs: 8_000 });
    pipelines.push(settle(Array.from({ length: 1 + cluster.random.below(10) }, () => nomad.write(writer, ++entry))));
    // Half of the time the next pipeline follows while this one is under way.
    if (cluster.random.below(2) === 0) await pipelines.at(-1);
    await cluster.sleep(cluster.random.below(120));
  }
  for (const answers of await Promise.all(pipelines)) {
    for (const answer of answers) if (!isMoonpoolError(answer)) acknowledged = answer;
    cluster.sometimes(
      'a whole pipeline was answered',
      answers.length > 5 && answers.every((answer) => !isMoonpoolError(answer)),
    );
  }
  return { key, writer, entry: acknowledged };
}

/** Nodes end in order and start again, one after the other, so that actors have to move. */
async function moveNodes(cluster: SimulatedCluster, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const node = cluster.nodes[cluster.random.below(cluster.nodeCount)] as SimulatedNode;
    await cluster.shutdown(node);
    await cluster.sleep(cluster.random.below(200));
    await cluster.restart(node);
    await cluster.sleep(cluster.random.below(500));
  }
}
