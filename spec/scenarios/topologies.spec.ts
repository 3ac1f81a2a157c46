import { grid, runWorkloads, SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { CalculatorWorkload } from './workloads/calculator';
import { PingPongWorkload } from './workloads/ping-pong';

const hostile = { chaos: 'hostile', coverage: 'report' } as const;
const moderate = { chaos: 'default', coverage: 'report' } as const;

export class PingPongOverTopologies {
  static readonly actors = PingPongWorkload.actors;

  @SimulationTest(3, { topology: grid(1, 1), ...moderate })
  oneClientAndOneServer(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [PingPongWorkload]);
  }

  @SimulationTest(5, { topology: grid(1, 1), ...hostile })
  oneClientAndOneServerInAHostileWorld(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [PingPongWorkload]);
  }

  @SimulationTest(3, { topology: grid(1, 2), ...moderate })
  oneClientAndTwoServers(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [PingPongWorkload]);
  }

  /** Seeds 6 and 9 were the first in which an activation ended and the next one answered, which is no disorder. */
  @SimulationTest([1, 2, 3, 4, 5, 6, 9], { topology: grid(2, 2), ...hostile })
  twoClientsAndTwoServersInAHostileWorld(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [PingPongWorkload]);
  }

  @SimulationTest(1, { topology: grid(10, 10), ...moderate })
  tenClientsAndTenServers(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [PingPongWorkload]);
  }

  @SimulationTest(1, { topology: grid(10, 10), ...hostile })
  tenClientsAndTenServersInAHostileWorld(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [PingPongWorkload]);
  }
}

export class CalculatorOverTopologies {
  static readonly actors = CalculatorWorkload.actors;

  @SimulationTest(3, { topology: grid(1, 1), ...moderate })
  oneClientAndOneServer(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [CalculatorWorkload]);
  }

  @SimulationTest(5, { topology: grid(1, 2), ...hostile })
  oneClientAndTwoServersInAHostileWorld(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [CalculatorWorkload]);
  }

  @SimulationTest(3, { topology: grid(2, 2), ...moderate })
  twoClientsAndTwoServers(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [CalculatorWorkload]);
  }

  @SimulationTest(5, { topology: grid(2, 2), ...hostile })
  twoClientsAndTwoServersInAHostileWorld(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [CalculatorWorkload]);
  }

  /** In the last seeds so many outcomes are unknown that a search which is not led by witnesses is given up. */
  @SimulationTest([1, 19, 849, 1_795_702_091, 1_795_702_114], { topology: grid(10, 10), ...hostile })
  tenClientsAndTenServersInAHostileWorld(cluster: SimulatedCluster): Promise<void> {
    return runWorkloads(cluster, [CalculatorWorkload]);
  }
}
