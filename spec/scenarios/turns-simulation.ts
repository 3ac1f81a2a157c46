import { Actor, ActorContext, Handler, inject, isMoonpoolError, type ActorRuntime } from 'moonpool';
import { Invariant, SimulationTest, type ClusterView, type SimulatedCluster } from 'moonpool/simulation';
import { crossPaths, gossip, Gossip, mailboxesAreBounded, Porter, Stall, visitMarket } from './workloads/market-hall';

/** Turns of all kinds under all faults: the invariants of every run look on. */
export class TurnsSimulation {
  static readonly actors = [Stall, Gossip, Porter];

  @SimulationTest(20, { nodes: 3, clients: 3, chaos: 'hostile' })
  async turnsOverlapAsDeclared(cluster: SimulatedCluster): Promise<void> {
    await visitMarket(cluster, 8);
    await cluster.quiesce();
    await gossip(cluster, 20_000);
  }

  @SimulationTest(20, { nodes: 3, clients: 1, chaos: 'calm' })
  circlesAreRefusedAtOnce(cluster: SimulatedCluster): Promise<void> {
    return gossip(cluster, 1_000);
  }

  @SimulationTest(20, { nodes: 3, clients: 2, chaos: 'calm' })
  turnsThatWaitForEachOtherAreFound(cluster: SimulatedCluster): Promise<void> {
    return crossPaths(cluster, 12, true);
  }

  /**
   * Seeds that have shown something: 289 a call that waited for a connection and was overtaken by a later one at another place; 642
   * one that came out of an old connection behind those of the next, long after its deadline; 1639 an answer that a node without
   * a lease kept to itself; 36 and 84 calls that were made while earlier ones were on their way to another place, or back from it; 1795803709753 a circle that
   * was closed behind a turn which had waited for long, and asked seldom; 1795803706105 a call of a node that was just asked to activate its actor.
   */
  @SimulationTest([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 36, 84, 289, 642, 1639, 1_795_803_706_105, 1_795_803_709_753], {
    nodes: 3,
    clients: 2,
    chaos: 'hostile',
  })
  turnsThatWaitForEachOtherAreFoundAmongFaults(cluster: SimulatedCluster): Promise<void> {
    return crossPaths(cluster, 12, false);
  }

  @Invariant({ after: ['turn-start', 'call'] })
  mailboxesAreBounded(view: ClusterView): void {
    mailboxesAreBounded(view, ['node1', 'node2', 'node3']);
  }
}

@Actor({ name: 'Known' })
class Known {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return `${this.context.node.name}#${this.context.node.incarnation}`;
  }
}

const KEYS = Array.from({ length: 10 }, (_, index) => `k${index}`);
const CALLERS = 100;

/** Many callers at once, from everywhere, for actors that nobody has called before. */
export class FirstCallsSimulation {
  static readonly actors = [Known];

  @SimulationTest(15, { nodes: 3, clients: 3, chaos: 'default' })
  async eachKeyIsActivatedOnce(cluster: SimulatedCluster): Promise<void> {
    /** The activations of each actor that are alive: those of one that has ended, or whose node has died, make room for others. */
    const alive = new Map<string, Set<string>>();
    let moved = 0;
    cluster.onEvent(
      ({ name, node, fields }) => {
        if (name === 'death') {
          for (const activations of alive.values())
            for (const activation of activations) if (activation.startsWith(`${node}#`)) activations.delete(activation);
          moved++;
          return;
        }
        const actor = String(fields['actor']);
        const activations = alive.get(actor) ?? new Set();
        alive.set(actor, activations);
        if (name === 'activate') activations.add(String(fields['activation']));
        else if (activations.delete(String(fields['activation']))) moved++;
        if (activations.size > 1) throw new Error(`${actor} is active as ${[...activations].join(' and ')}`);
      },
      ['activate', 'deactivate', 'death'],
    );
    const callers = Array.from({ length: CALLERS }, (_, index) => cluster.client(index % cluster.clientCount));
    const answers = await Promise.all(
      KEYS.flatMap((key) =>
        callers.map(async (caller) => ({ key, where: await whereUntilAnswered(cluster, caller, key) })),
      ),
    );
    for (const key of KEYS) {
      const places = new Set(answers.filter((answer) => answer.key === key).map(({ where }) => where));
      if (places.size !== 1 && moved === 0) throw new Error(`${key} was answered from ${[...places].join(', ')}`);
    }
    cluster.sometimes('no activation ended', moved === 0);
  }
}

/** The question changes nothing, so it may be asked again. */
async function whereUntilAnswered(cluster: SimulatedCluster, caller: ActorRuntime, key: string): Promise<string> {
  for (;;) {
    try {
      return await caller.actor(Known, key).where();
    } catch (error) {
      if (!isMoonpoolError(error)) throw error;
      await cluster.sleep(100 + cluster.random.below(100));
    }
  }
}
