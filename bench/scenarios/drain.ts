import { ActorRuntime, sqlite } from 'moonpool';
import { startChild } from '../processes/child';
import { perSecond, type Contestant, type Scenario } from '../scenario';
import { ScratchFolder } from '../scratch-folder';
import { Traveller } from '../traveller';

/** How many actors are activated at a time before the node is shut down. */
const IN_FLIGHT = 64;

/** Shutdowns of a node with so many actors at rest, which take what they have in memory to a node of another process, against such that end them there. */
export function drain(actors: number, target: number): Scenario {
  return {
    name: 'drain',
    what: `shutdowns of a node with ${actors} actors that move to another process, with durable state and memory`,
    unit: 'activations/s',
    target,
    open: () => openDrains(actors, true),
    baseline: { name: 'all are deactivated', open: () => openDrains(actors, false) },
  };
}

async function openDrains(actors: number, moveOnShutdown: boolean): Promise<Contestant> {
  const folder = new ScratchFolder();
  const database = folder.file('bench.db');
  const other = await startChild('other-side', 'node', database);
  let next = 0;
  return {
    run: async () => {
      const leaving = await ActorRuntime.start({
        namespace: 'bench',
        name: 'leaving',
        actors: [Traveller],
        modules: [sqlite({ file: database })],
        activation: { moveOnShutdown },
      });
      const end = next + actors;
      const caller = async (): Promise<void> => {
        while (next < end) await leaving.actor(Traveller, `t${next++}`).greet();
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
      return perSecond(actors, () => leaving.shutdown());
    },
    async close(): Promise<void> {
      await other.close();
      folder.remove();
    },
  };
}
