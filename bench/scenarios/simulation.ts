import { runSimulation, SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { Counter } from '../counter';
import type { Scenario } from '../measurement';

const SLEEPERS = 100;
const SLEEPS = 2_000;
const CALLERS = 20;
const CALLS = 100;

/** What is simulated to measure the simulator. */
class SimulatorLoad {
  static readonly actors = [Counter];

  @SimulationTest(1, { nodes: 1, chaos: 'calm' })
  async timers(cluster: SimulatedCluster): Promise<void> {
    await Promise.all(
      Array.from({ length: SLEEPERS }, async () => {
        for (let sleep = 0; sleep < SLEEPS; sleep++) await cluster.sleep(1);
      }),
    );
  }

  @SimulationTest(1, { nodes: 3, chaos: 'default' })
  async calls(cluster: SimulatedCluster): Promise<void> {
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        const counter = cluster.client().actor(Counter, `c${caller}`);
        for (let call = 0; call < CALLS; call++) await counter.deposit({ amount: 1 }).catch(() => undefined);
      }),
    );
  }
}

async function eventsPerSecond(method: string): Promise<number> {
  const report = await runSimulation(SimulatorLoad, { method, checkDeterminism: false });
  const [failure] = report.failures;
  if (failure !== undefined) throw report.describeFailure(failure);
  return (report.events / report.realMs) * 1_000;
}

/** The simulator itself: bare timers, and calls over the whole transport. */
export async function simulation(): Promise<{ readonly scenarios: readonly Scenario[]; close(): Promise<void> }> {
  const scenarios: Scenario[] = [
    { name: 'sim-timers', unit: 'events/s', subject: () => eventsPerSecond('timers') },
    { name: 'sim-calls, three nodes', unit: 'events/s', subject: () => eventsPerSecond('calls') },
  ];
  return { scenarios, close: () => Promise.resolve() };
}
