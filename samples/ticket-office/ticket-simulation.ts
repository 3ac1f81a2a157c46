import { retry } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { TicketOffice } from './ticket-office';

/** Customers buy tickets while the world does its worst; who was sold one has one, and nobody else. */
export class TicketSimulation {
  static readonly actors = [TicketOffice];

  @SimulationTest(100, { nodes: 3, chaos: 'hostile' })
  async everyTicketIsSoldOnce(cluster: SimulatedCluster): Promise<void> {
    const office = cluster.client().actor(TicketOffice, 'main hall');
    // Faults go on for as long as anybody asks, and may take every node away again and again.
    const patience = { deadlineMs: 600_000, onRetry: () => cluster.sometimes('an order is repeated', true) };
    let bought = 0;
    for (let order = 0; order < 20; order++) {
      if (await retry(() => office.$with({ timeoutMs: 2_000 }).sell(`order ${order}`), patience)) bought++;
      await cluster.sleep(cluster.random.below(500));
    }
    await cluster.quiesce();
    const left = await retry(() => office.left());
    if (left !== 100 - bought)
      throw new Error(`tickets are missing: ${bought} were bought of 100, and ${left} are left`);
  }
}
