import {
  Actor,
  ActorState,
  formatNodeId,
  Handler,
  isMoonpoolError,
  Persist,
  TimeProvider,
  type StartupTask,
  retry,
} from 'moonpool';
import type { StartingNode } from 'moonpool/modules';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { PATIENCE } from './patience';

class Names {
  names: string[] = [];
}

/** Knows every incarnation of a node that has ever started. */
@Actor({ name: 'Roster' })
class Roster {
  @Persist(Names) private readonly roster!: ActorState<Names>;

  @Handler() async enter(name: string): Promise<void> {
    const { names } = this.roster.value;
    if (!names.includes(name)) names.push(name);
    await this.roster.persist();
  }
  @Handler() async names(): Promise<string[]> {
    return this.roster.value.names;
  }
}

const enter: StartupTask = {
  name: 'enter the roster',
  async run(node: StartingNode): Promise<void> {
    for (;;) {
      try {
        await node.actor(Roster, 'all').$with({ timeoutMs: 5_000 }).enter(formatNodeId(node.node));
        return;
      } catch (error) {
        // The node itself has ended: another incarnation will enter.
        if (!isMoonpoolError(error) || error.code === 'RUNTIME_NOT_READY') throw error;
        await node.service(TimeProvider).sleep(100);
      }
    }
  },
};

export class StartupSimulation {
  static readonly actors = [Roster];
  static readonly startup = [enter];

  @SimulationTest([...Array.from({ length: 50 }, (_, index) => index + 1), 3_792_617_061], {
    nodes: 3,
    chaos: 'hostile',
  })
  async everyNodeThatServesHasRunItsTask(cluster: SimulatedCluster): Promise<void> {
    for (let round = 0; round < 4; round++) {
      const serving = cluster.nodes.flatMap(({ runtime }) =>
        runtime === undefined ? [] : [formatNodeId(runtime.node)],
      );
      const names = await retry(
        () => cluster.client().actor(Roster, 'all').$with({ timeoutMs: 5_000 }).names(),
        PATIENCE,
      );
      const missing = serving.filter((name) => !names.includes(name));
      if (missing.length > 0) throw new Error(`${missing.join(', ')} serve and are not among ${names.join(', ')}`);
      await cluster.sleep(500);
    }
  }
}
