import { actorsOf, runWorkloads, SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { AppendListWorkload } from './workloads/append-lists';
import { CalculatorWorkload } from './workloads/calculator';
import { PingPongWorkload } from './workloads/ping-pong';
import { RegisterWorkload } from './workloads/register';

const together = [CalculatorWorkload, PingPongWorkload, RegisterWorkload, AppendListWorkload];

export class RegisterSimulation {
  static readonly actors = RegisterWorkload.actors;

  @SimulationTest(25, { nodes: 3, clients: 4, chaos: 'hostile' })
  historiesAreLinearizable(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [RegisterWorkload]);
  }
}

export class AppendListSimulation {
  static readonly actors = AppendListWorkload.actors;

  @SimulationTest(20, { nodes: 3, clients: 4, chaos: 'hostile' })
  listsHaveOneOrder(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [AppendListWorkload]);
  }
}

export class EverythingAtOnceSimulation {
  static readonly actors = actorsOf(together);

  /** In the last three seeds static actors end and come again. */
  @SimulationTest([1, 2, 3, 20_004, 20_005, 20_027], {
    clients: 2,
    chaos: 'hostile',
    coverage: 'report',
    topology: { datacenters: 2, zones: 2, processes: 2 },
  })
  workloadsDoNotDisturbEachOther(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, together);
  }
}
