import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, retry, type ActorRuntime } from 'moonpool';
import { SimulationTest, type PartitionShape, type SimulatedCluster, type SimulatedNode } from 'moonpool/simulation';
import { PATIENCE } from './patience';
import { settle } from './settled-calls';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

const SHAPES: readonly PartitionShape[] = ['bridge', 'isolate', 'one-way', 'sender-only', 'receiver-only', 'halves'];

const LEASE_MS = 3_000;
/** Within so long those whom the others do not reach have given up: ten seconds without an answer, and what is between two questions, two renewals and two looks. */
const GIVEN_UP_MS = 20_000;

/** Keeps nothing in the store: only its registration and the lease of its node keep a second one away. */
@Actor({ name: 'Hermit' })
class Hermit {
  private visits = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async visit(ms: number): Promise<string> {
    await this.context.time.sleep(ms);
    this.visits++;
    return this.context.node.name;
  }
}

/** Nodes that the store hears of and others do not: who is out of reach of a majority gives up, and of a majority nobody does. */
export class IsolatedNodesSimulation {
  static readonly actors = [Hermit];

  @SimulationTest([1, 5], { nodes: 5, clients: 2, chaos: 'calm', leaseTtlMs: LEASE_MS })
  async whoeverIsOutOfReachGivesUp(cluster: SimulatedCluster): Promise<void> {
    const given = noteGivingUp(cluster);
    const victims = cluster.nodes.slice(0, 1 + cluster.random.below(2));
    const others = cluster.nodes.slice(victims.length);
    await whileCalled(cluster, async () => {
      for (const victim of victims) for (const other of others) cluster.partition(victim, other);
      await cluster.sleep(GIVEN_UP_MS);
    });
    expect([...new Set(given)].sort()).to.deep.equal(victims.map(({ name }) => name));
    cluster.sometimes('two of five gave up', victims.length === 2);
    cluster.sometimes('one of five gave up', victims.length === 1);
    // The partition persists: whoever reaches the majority reaches every actor.
    for (const key of KEYS) await retry(() => visit(others, key), PATIENCE);
    await rest(cluster);
  }

  /** A node is out of reach for a while, of nodes, of clients or one way, and others come and go. */
  @SimulationTest([5], { nodes: 5, clients: 2, chaos: 'default', leaseTtlMs: LEASE_MS, maxDead: 1 })
  async actorsSurviveWhoeverGivesUp(cluster: SimulatedCluster): Promise<void> {
    const given = noteGivingUp(cluster);
    await whileCalled(cluster, async () => {
      for (let round = 0; round < 2; round++) {
        const victim = cluster.nodes[cluster.random.below(cluster.nodeCount)] as SimulatedNode;
        const shape = SHAPES[cluster.random.below(SHAPES.length)] as PartitionShape;
        cluster.partitionBy(shape, victim, GIVEN_UP_MS * cluster.random.fraction());
        await cluster.sleep((GIVEN_UP_MS * 3) / 4);
      }
    });
    cluster.sometimes('somebody gave up', given.length > 0);
    await rest(cluster);
  }

  /** Halves, pairs, and all from all: there is no majority whose members reach each other, so nobody can know who is right. */
  @SimulationTest([2, 3, 5], { nodes: 4, clients: 1, chaos: 'calm', leaseTtlMs: LEASE_MS })
  async withoutAMajorityNobodyGivesUp(cluster: SimulatedCluster): Promise<void> {
    const given = noteGivingUp(cluster);
    const { nodes } = cluster;
    const shape = cluster.random.below(3);
    for (const [index, node] of nodes.entries()) {
      for (const [at, other] of nodes.entries()) {
        const isCut = shape === 0 ? index < 2 && at >= 2 : shape === 1 ? index === 0 && at === 1 : index < at;
        if (isCut) cluster.partition(node, other);
      }
      // A network is not cut at one moment for all.
      await cluster.sleep(cluster.random.below(300));
    }
    cluster.sometimes('two halves do not reach each other', shape === 0);
    cluster.sometimes('nobody reaches anybody', shape === 2);
    await cluster.sleep(GIVEN_UP_MS);
    expect(given, 'without a majority that reaches itself').to.deep.equal([]);
    await rest(cluster);
  }
}

/** Every actor can be called again. */
async function rest(cluster: SimulatedCluster): Promise<void> {
  await cluster.quiesce();
  for (const key of KEYS) await retry(() => cluster.client().actor(Hermit, key).visit(0), PATIENCE);
}

/** Clients, which reach everybody, call on and on. */
async function whileCalled(cluster: SimulatedCluster, body: () => Promise<void>): Promise<void> {
  let isOver = false;
  const clients = Array.from({ length: cluster.clientCount }, (_, index) => cluster.client(index));
  const calling = Promise.all(clients.map((client) => call(cluster, client, () => isOver)));
  await body();
  isOver = true;
  await calling;
}

/** From any of the nodes that runs. */
async function visit(nodes: readonly SimulatedNode[], key: string): Promise<string> {
  const runtime = nodes.find((node) => node.runtime !== undefined)?.runtime;
  if (runtime === undefined) throw new Error('none of the nodes runs');
  return runtime.actor(Hermit, key).visit(0);
}

/** The names of the nodes that give themselves up, as they do. */
function noteGivingUp(cluster: SimulatedCluster): readonly string[] {
  const given: string[] = [];
  cluster.onEvent(
    ({ node, fields }) => void (/have not reached it/.test(String(fields['why'])) && given.push(node)),
    ['lease-lost'],
  );
  return given;
}

async function call(cluster: SimulatedCluster, client: ActorRuntime, isOver: () => boolean): Promise<void> {
  const answers: Promise<unknown>[] = [];
  while (!isOver()) {
    const key = KEYS[cluster.random.below(KEYS.length)] as string;
    const hermit = client.actor(Hermit, key).$with({ timeoutMs: 500 + cluster.random.below(4_000) });
    answers.push(settle([hermit.visit(cluster.random.below(50))]));
    await cluster.sleep(cluster.random.below(1_000));
  }
  await Promise.all(answers);
}
