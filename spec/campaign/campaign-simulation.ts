import { relative } from 'node:path';
import type { RealClock } from '../../lib/simulation/engine/budget';
import { checkDeterminism, determinismChecks } from '../../lib/simulation/runner/determinism';
import { runSeed } from '../../lib/simulation/seed-run/run-seed';
import { ReliableScenario } from '../transport/reliable-scenario';
import { projectSimulations } from './project-simulations';

/** One simulation of a campaign. */
export interface CampaignSimulation {
  readonly title: string;
  /** Runs one seed. Resolves to what is wrong, or to undefined. */
  run(seed: number): Promise<string | undefined>;
  /** Runs the seed again and again, and compares. Resolves to how the runs parted, or to undefined. */
  compare(seed: number): Promise<string | undefined>;
  /** The command that repeats a seed. */
  command(seed: number): string;
}

/** All simulations of the project, and the bare transports, which have no cluster and a world of their own. */
export function campaignSimulations(clock: RealClock): readonly CampaignSimulation[] {
  const ofClusters = projectSimulations().map(({ file, plan, test, title }): CampaignSimulation => ({
    title,
    run: async (seed) => reasonOf((await runSeed(plan, test, seed, { clock })).error),
    compare: async (seed) => {
      const checks = determinismChecks([seed, seed + 1]);
      return checks === undefined ? undefined : rejectionOf(checkDeterminism(plan, test, checks, { clock }));
    },
    command: (seed) =>
      `npx moonpool replay ${relative(process.cwd(), file)} --test ${plan.type.name}.${test.method} --seed ${seed}`,
  }));
  return [...ofClusters, ofTransports];
}

const ofTransports: CampaignSimulation = {
  title: 'ReliableScenario run',
  run: (seed) =>
    new ReliableScenario(seed)
      .run()
      .then(({ violations }) => (violations.length === 0 ? undefined : violations.slice(0, 3).join('; ')), reasonOf),
  compare: async () => undefined,
  command: (seed) => `npm run simulate:messages -- 1 --from ${seed}`,
};

function rejectionOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(() => undefined, reasonOf);
}

/** The first line of an error; undefined of none. */
export function reasonOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
