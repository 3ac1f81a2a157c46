import {
  runSimulation,
  SimulationTest,
  type SimulatedCluster,
  type SimulationClass,
  type SimulationReport,
} from 'moonpool/simulation';
import { BareEventQueue } from '../baselines/bare-event-queue';
import { Counter } from '../counter';
import { SavingsAccount } from '../savings';
import { perSecond, type Contestant, type Scenario } from '../scenario';

const TASKS = 100;
const SLEEPS = 2_000;

class SleepingTasks {
  static readonly actors = [Counter];

  @SimulationTest(1, { nodes: 1, chaos: 'calm' })
  async sleep(cluster: SimulatedCluster): Promise<void> {
    await Promise.all(Array.from({ length: TASKS }, (_, task) => sleepOften((ms) => cluster.sleep(ms), task)));
  }
}

async function sleepOften(sleep: (ms: number) => Promise<void>, task: number): Promise<void> {
  for (let count = 0; count < SLEEPS; count++) await sleep(1 + ((task * 7 + count * 13) % 50));
}

/** Tasks that sleep again and again, in virtual time. */
export function simulatedTimers(): Scenario {
  return {
    name: 'sim-timers',
    what: `${TASKS} tasks that sleep ${SLEEPS} times each, in virtual time`,
    unit: 'events/s',
    open: async () => ({ run: () => perSecond(TASKS * SLEEPS, () => runSeeds(SleepingTasks, 1)) }),
    baseline: {
      name: 'bare event queue',
      open: async () => ({
        run: () =>
          perSecond(TASKS * SLEEPS, async () => {
            const queue = new BareEventQueue();
            const sleeping = Array.from({ length: TASKS }, (_, task) => sleepOften((ms) => queue.sleep(ms), task));
            await queue.run();
            await Promise.all(sleeping);
          }),
      }),
    },
  };
}

class OneClientOneServer {
  static readonly actors = [Counter];

  @SimulationTest(1, { nodes: 1, chaos: 'hostile', coverage: 'report' })
  async calls(cluster: SimulatedCluster): Promise<void> {
    const counter = cluster.client().actor(Counter, 'one');
    for (let count = 0; count < 50; count++)
      await counter
        .$with({ timeoutMs: 2_000 })
        .add({ amount: 1 })
        .catch(() => undefined);
    await cluster.quiesce();
  }
}

/** Calls of an actor, with all that a cluster needs around it, in a world that does its worst. */
export function simulatedCalls(): Scenario {
  return simulatedSeeds('sim-actor-calls', 'one client, one node, 50 calls a seed, hostile', OneClientOneServer, 10);
}

/** A cluster of so many nodes under a load of durable calls. */
export function simulatedBank(nodes: number, seeds: number): Scenario {
  const callers = nodes * 2;
  class Bank {
    static readonly actors = [SavingsAccount];

    async deposits(cluster: SimulatedCluster): Promise<void> {
      const call = async (caller: number): Promise<void> => {
        for (let count = 0; count < 10; count++) {
          const account = cluster.client().actor(SavingsAccount, `account-${(caller + count) % callers}`);
          await account
            .$with({ timeoutMs: 2_000 })
            .deposit(1)
            .catch(() => undefined);
          await cluster.sleep(100);
        }
      };
      await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
      await cluster.quiesce();
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Bank.prototype, 'deposits') as PropertyDescriptor;
  SimulationTest(1, { nodes, chaos: 'hostile', coverage: 'report' })(Bank.prototype, 'deposits', descriptor);
  return simulatedSeeds(
    `sim-bank-${nodes}`,
    `${nodes} nodes, ${callers} callers of persisted actors, hostile`,
    Bank,
    seeds,
  );
}

function simulatedSeeds(name: string, what: string, type: SimulationClass, seeds: number): Scenario {
  let notes: Readonly<Record<string, number>> = {};
  return {
    name,
    what,
    unit: 'events/s',
    async open(): Promise<Contestant> {
      return {
        async run(): Promise<number> {
          const report = await runSeeds(type, seeds);
          const seconds = report.realMs / 1_000;
          notes = { 'seeds/s': seeds / seconds, 'times real time': report.virtualMs / report.realMs };
          return report.events / seconds;
        },
      };
    },
    notes: () => notes,
  };
}

async function runSeeds(type: SimulationClass, seeds: number): Promise<SimulationReport> {
  const report = await runSimulation(type, { seeds, checkDeterminism: false });
  const [failure] = report.failures;
  if (failure !== undefined) throw report.describeFailure(failure);
  return report;
}
