import { drawChaos } from '../../lib/simulation/chaos/profile/chaos-profile';
import { SimulatedWorld } from '../../lib/simulation/world/simulated-world';
import { SimulationEngine } from '../../lib/simulation/engine/simulation-engine';
import { BareEventQueue } from '../baselines/bare-event-queue';
import { perSecond, type Scenario } from '../scenario';
import { SimulatedStation } from './simulated-station';

const REQUESTS = 100;
const SEEDS = 300;

/** Requests and answers over the whole transport, its framing, checksums and peers, in a world that does its worst. */
export function simulatedRequests(): Scenario {
  let notes: Readonly<Record<string, number>> = {};
  return {
    name: 'sim-rpc',
    what: `one client, one server, ${REQUESTS} requests a seed over the transport, hostile`,
    unit: 'events/s',
    open: async () => ({
      async run(): Promise<number> {
        let events = 0;
        let answered = 0;
        const startedAt = performance.now();
        for (let seed = 1; seed <= SEEDS; seed++) {
          const outcome = await runSeed(seed);
          events += outcome.events;
          answered += outcome.answered;
        }
        const seconds = (performance.now() - startedAt) / 1_000;
        notes = {
          'seeds/s': SEEDS / seconds,
          'events a seed': events / SEEDS,
          answered: answered / (SEEDS * REQUESTS),
        };
        return events / seconds;
      },
    }),
    baseline: {
      name: 'bare event queue',
      open: async () => ({
        run: () =>
          perSecond(SEEDS * REQUESTS * 4, async () => {
            const queue = new BareEventQueue();
            const hop = async (): Promise<void> => {
              for (let count = 0; count < SEEDS * REQUESTS * 4; count++) await queue.sleep(1 + (count % 7));
            };
            const hopping = hop();
            await queue.run();
            await hopping;
          }),
      }),
    },
    notes: () => notes,
  };
}

async function runSeed(seed: number): Promise<{ readonly events: number; readonly answered: number }> {
  const engine = new SimulationEngine({ seed, clock: performance });
  const world = new SimulatedWorld(engine, drawChaos('hostile', engine.rolls));
  const machines = [world.addMachine('client', '10.0.0.1'), world.addMachine('server', '10.0.0.2')] as const;
  let answered = 0;
  await engine.run(async () => {
    const [client, server] = [new SimulatedStation(world, machines[0]), new SimulatedStation(world, machines[1])];
    await Promise.all([client.transport.start(), server.transport.start()]);
    world.network.conditions.setFaulty(true);
    answered = await client.ask(`${machines[1].host}:5000`, REQUESTS);
  });
  return { events: engine.events, answered };
}
