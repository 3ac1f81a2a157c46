import type { SimulationOptions } from '../../../lib/metadata/simulation-record';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import { runSeed } from '../../../lib/simulation/seed-run/run-seed';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';
import { actorsOf, runWorkloads } from '../../../lib/simulation/workloads/run-workloads';
import type { WorkloadClass } from '../../../lib/simulation/workloads/workload';

/** Runs workloads once on a simulated cluster, calm unless said otherwise, without enrolling them with the mocha that runs this. */
export function runSeedOf(
  types: readonly WorkloadClass[],
  options: SimulationOptions = {},
  seed = 1,
): Promise<SeedResult> {
  class Simulation {
    static readonly actors = actorsOf(types);
    play = (cluster: SimulatedCluster) => runWorkloads(cluster, types);
  }
  const test = { method: 'play', seeds: 1, options: { chaos: 'calm' as const, ...options }, isStaticMember: false };
  return runSeed({ type: Simulation, tests: [test], invariants: [] }, test, seed, { clock: { now: () => 0 } });
}
