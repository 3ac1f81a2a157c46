import { retry } from '../../../lib/runtime/retry';
import type { SimulationOptions } from '../../../lib/metadata/simulation-record';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import type { RunRecipe } from '../../../lib/simulation/seed-run/run-recipe';
import { runRecipe } from '../../../lib/simulation/seed-run/run-seed';
import type { RunSeedOptions } from '../../../lib/simulation/seed-run/run-seed-options';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';
import type { SimulationClass, SimulationPlan } from '../../../lib/simulation/seed-run/simulation-class';
import { Ledger } from './ledger-fixture';

/** A plan with one test, made without decorators: those would enrol it with the mocha that runs this. */
export function planOf(
  body: (cluster: SimulatedCluster) => Promise<void>,
  options: SimulationOptions = {},
  statics: Pick<SimulationClass, 'actors' | 'assertions' | 'observers'> = {},
): SimulationPlan {
  class Simulation {
    static readonly actors = statics.actors ?? [Ledger];
    static readonly assertions = statics.assertions ?? [];
    static readonly observers = statics.observers ?? [];
    body(cluster: SimulatedCluster): Promise<void> {
      return body(cluster);
    }
  }
  const type: SimulationClass = Simulation;
  return { type, tests: [{ method: 'body', seeds: 1, options, isStaticMember: false }], invariants: [] };
}

/** How {@link tryCluster} runs its body. */
type ClusterSetting = SimulationOptions & {
  readonly seed?: number;
  readonly recipe?: Partial<RunRecipe>;
  readonly run?: Partial<RunSeedOptions>;
  readonly statics?: Pick<SimulationClass, 'actors' | 'assertions' | 'observers'>;
};

/** Runs the body once on a simulated cluster of ledgers, calm unless said otherwise, and returns what came of it. */
export function tryCluster(
  body: (cluster: SimulatedCluster) => Promise<void>,
  { seed = 1, recipe = {}, run = {}, statics = {}, ...options }: ClusterSetting = {},
): Promise<SeedResult> {
  const plan = planOf(body, { chaos: 'calm', ...options }, statics);
  const [test] = plan.tests;
  if (test === undefined) throw new Error('The plan has no test.');
  return runRecipe(plan, test, { seed, ...recipe }, { clock: { now: () => 0 }, ...run });
}

/** Like {@link tryCluster}; throws the error that the run ended with. */
export async function onCluster(...args: Parameters<typeof tryCluster>): Promise<SeedResult> {
  const result = await tryCluster(...args);
  if (result.error !== undefined) throw result.error;
  return result;
}

/** Calls until it is answered, as a client does whose operation is safe to repeat. */
export function untilAnswered<T>(_cluster: SimulatedCluster, call: () => Promise<T>): Promise<T> {
  return retry(call, { deadlineMs: 3_600_000, isWorthRepeating: () => true });
}
