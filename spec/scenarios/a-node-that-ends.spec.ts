import { Actor, ActorContext, Handler, inject } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';

@Actor({ name: 'Fleeting' })
class Fleeting {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async serve(): Promise<string> {
    return this.context.node.name;
  }
  /** An actor that ends after its turn, and so again and again while it is called. */
  @Handler() async serveOnce(number: number): Promise<number> {
    this.context.deactivateOnIdle();
    return number;
  }
  @Handler() async take(ms: number): Promise<void> {
    await this.context.time.sleep(ms);
  }
}

const CLIENTS = 6;

/** Where nothing breaks, no call fails because a node is shut down or an actor ends: there is always another that serves it. */
export class NodeThatEndsSimulation {
  static readonly actors = [Fleeting];

  // In the last two, a process that ended reset what was still on its way to a client, and with it the farewell.
  @SimulationTest([...Array.from({ length: 30 }, (_, index) => index + 1), 1_795_712_564, 1_795_713_050], {
    nodes: 2,
    clients: CLIENTS,
    chaos: 'calm',
  })
  async firstCallsGoToTheOneThatStays(cluster: SimulatedCluster): Promise<void> {
    const [leaving] = cluster.nodes;
    if (leaving === undefined) throw new Error('a cluster has nodes');
    const turnMs = cluster.random.below(2) * cluster.random.below(400);
    if (turnMs > 0)
      leaving.runtime
        ?.actor(Fleeting, 'busy')
        .take(turnMs)
        .catch(() => undefined);
    const ended = cluster.shutdown(leaving);
    const servers = await Promise.all(
      Array.from({ length: CLIENTS }, async (_, index) => {
        await cluster.sleep(cluster.random.below(turnMs + 100));
        return cluster.client(index).actor(Fleeting, `f${index}`).serve();
      }),
    );
    await ended;
    cluster.sometimes('a first call came before its node had ended', servers.length > 0 && turnMs > 0);
  }

  // In the last two, a call came too late to an actor that had ended eleven times in a row.
  @SimulationTest([...Array.from({ length: 60 }, (_, index) => index + 1), 1_795_798_652_365, 1_795_799_062_478], {
    nodes: 2,
    clients: 2,
    chaos: 'calm',
  })
  async callsOfAnActorThatEndsOftenAreAnswered(cluster: SimulatedCluster): Promise<void> {
    const callers = [0, 1].map((index) => cluster.client(index).actor(Fleeting, 'f'));
    await Promise.all(
      callers.map(async (fleeting) => {
        for (let number = 0; number < 20; number++) {
          const [one, two] = await Promise.all([fleeting.serveOnce(number), fleeting.serveOnce(-number)]);
          if (one !== number || two !== -number)
            throw new Error(`${number} and ${-number} were answered with ${one} and ${two}`);
          await cluster.sleep(cluster.random.below(4));
        }
      }),
    );
  }
}
