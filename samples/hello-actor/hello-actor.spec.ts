import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { Greeter } from './hello-actor';

/** The greeters on a simulated cluster of two nodes. */
export class GreeterSimulation {
  static readonly actors = [Greeter];

  @SimulationTest(20, { nodes: 2, clients: 2, chaos: 'calm' })
  async everybodyIsThereOnce(cluster: SimulatedCluster): Promise<void> {
    const names = ['alice', 'bob', 'carol', 'dave'];
    for (const client of [0, 1]) {
      const greetings = await cluster.client(client).actor(Greeter, 'erin').greet(`client ${client}`, names);
      cluster.sometimes(
        'greeters live on both nodes',
        new Set(greetings.map((greeting) => greeting.split(' ')[2])).size === 2,
      );
      // The same greeter answers whoever calls: it counts on.
      const counts = greetings.map((greeting) => /greeting (\d+)/.exec(greeting)?.[1]);
      if (counts.some((count) => count !== String(client + 1)))
        throw new Error(`a greeter was there twice: ${greetings.join('; ')}`);
    }
  }
}
