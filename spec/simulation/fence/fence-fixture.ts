import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { NodeTimeProvider } from '../../../lib/providers/node/node-time-provider';
import type { SimulationOptions, SimulationTestRecord } from '../../../lib/metadata/simulation-record';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import { runSeed } from '../../../lib/simulation/seed-run/run-seed';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';
import type { SimulationPlan } from '../../../lib/simulation/seed-run/simulation-class';
import { Careless } from './careless-fixture';

export const clock = new NodeTimeProvider();

type Body = (cluster: SimulatedCluster) => Promise<void>;

/** A test with this body. It is no decorated class, which mocha would run as a test of its own. */
export function planOf(
  body: Body,
  options: SimulationOptions = {},
): { readonly plan: SimulationPlan; readonly test: SimulationTestRecord } {
  class Simulation {
    static readonly actors = [Careless];

    test(cluster: SimulatedCluster): Promise<void> {
      return body(cluster);
    }
  }
  const test: SimulationTestRecord = {
    method: 'test',
    seeds: 1,
    options: { chaos: 'calm', ...options },
    isStaticMember: false,
  };
  return { plan: { type: Simulation, tests: [test], invariants: [] }, test };
}

export function runBody(body: Body, options: SimulationOptions = {}, seed = 1): Promise<SeedResult> {
  const { plan, test } = planOf(body, options);
  return runSeed(plan, test, seed, { clock });
}

type HandlerName = Exclude<keyof Careless, 'onActivate'>;

/** Runs a seed that calls the handler once and gives its answer, or the error that it was answered with. */
export async function runHandler(
  handler: HandlerName,
  options: SimulationOptions = {},
  seed = 1,
): Promise<SeedResult & { readonly answer: unknown }> {
  let answer: unknown;
  const result = await runBody(
    async (cluster) => {
      answer = await (cluster.client().actor(Careless, 'a')[handler]() as Promise<unknown>).catch(
        (error: unknown) => error,
      );
    },
    options,
    seed,
  );
  return { ...result, answer };
}

const root = join(__dirname, '..', '..', '..', '..');
const source = join(root, 'spec', 'simulation', 'fence', 'careless-fixture.ts');
const lines = readFileSync(source, 'utf8').split('\n');

/** The place of the line of the fixture that ends with the comment, without its column. */
export function lineOf(comment: string): string {
  const index = lines.findIndex((line) => line.endsWith(`// ${comment}`));
  if (index < 0) throw new Error(`The fixture has no line marked ${comment}`);
  return `${relative(process.cwd(), source)}:${index + 1}`;
}
