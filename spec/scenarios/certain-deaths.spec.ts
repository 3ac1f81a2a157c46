import { Actor, ActorContext, Handler, inject, retry, type ActorRuntime } from 'moonpool';
import { SimulationTest, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { PATIENCE } from './patience';
import { settle } from './settled-calls';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** As by default: whoever waits for it waits long. */
const LEASE_MS = 10_000;
/** Within so long the end of a process is seen where it can be, in milliseconds. */
const SEEN_MS = 2_000;

/** Keeps nothing in the store: only its registration and the lease of its node keep a second one away. */
@Actor({ name: 'Porter' })
class Porter {
  private rounds = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async walk(ms: number): Promise<number> {
    await this.context.time.sleep(ms);
    return ++this.rounds;
  }
}

/** Processes end while their leases go on, sessions with the store end while their processes go on, and nobody who lives is taken for dead. */
export class CertainDeathsSimulation {
  static readonly actors = [Porter];

  @SimulationTest([3, 8, 9], { nodes: 4, clients: 2, chaos: 'hostile', leaseTtlMs: LEASE_MS, maxDead: 1 })
  async whoeverHasEndedIsFollowedAtOnce(cluster: SimulatedCluster): Promise<void> {
    let isOver = false;
    const calling = Promise.all(
      Array.from({ length: cluster.clientCount }, (_, index) => call(cluster, cluster.client(index), () => isOver)),
    );
    for (let round = 0; round < 3; round++) {
      await cluster.sleep(LEASE_MS / 2);
      const running = cluster.nodes.filter(({ runtime }) => runtime !== undefined);
      if (running.length < cluster.nodeCount) continue;
      await end(cluster, running[cluster.random.below(running.length)] as SimulatedNode);
    }
    isOver = true;
    await calling;
    await cluster.quiesce();
    for (const key of KEYS) await retry(() => cluster.client().actor(Porter, key).walk(0), PATIENCE);
  }
}

/** The process of the node ends without a word; how soon others take it for dead depends on what they can know. */
async function end(cluster: SimulatedCluster, node: SimulatedNode): Promise<void> {
  const { node: id } = node.runtime as ActorRuntime;
  let isSeen = false;
  cluster.onEvent(({ fields }) => (isSeen ||= fields['node'] === `${id.name}#${id.incarnation}`), ['member-dead']);
  await cluster.crash(node, 'process');
  await cluster.sleep(SEEN_MS);
  cluster.sometimes('the end of a process was seen long before its lease ran out', isSeen);
  cluster.sometimes('the end of a process was not seen', !isSeen);
  await cluster.restart(node);
}

async function call(cluster: SimulatedCluster, client: ActorRuntime, isOver: () => boolean): Promise<void> {
  const answers: Promise<unknown>[] = [];
  while (!isOver()) {
    const key = KEYS[cluster.random.below(KEYS.length)] as string;
    const porter = client.actor(Porter, key).$with({ timeoutMs: 500 + cluster.random.below(4_000) });
    answers.push(settle([porter.walk(cluster.random.below(50))]));
    await cluster.sleep(cluster.random.below(400));
  }
  await Promise.all(answers);
}
