import type { SeedSelection } from '../../metadata/simulation-record';
import type { RunRecipe } from '../seed-run/run-recipe';
import type { SeedResult } from '../seed-run/seed-result';
import type { SeedRunner } from './seed-runner';
import { isCovered, seedsOf } from './seed-selection';
import type { SimulationReport } from './simulation-report';

/** How seeds are gone through. */
export interface RunSeedsOptions {
  /** Go on after a failure. Default: true. */
  readonly keepGoing?: boolean;
  /** Names of faults that shall not strike. */
  readonly suppressed?: readonly string[];
  /** Is notified of each seed, in their order. */
  readonly onSeed?: (result: SeedResult) => void;
  /** Asked after each seed whether to stop here. */
  readonly isInterrupted?: () => boolean;
}

/** Runs the seeds of a selection and gathers what came of them. The report depends on the seeds alone, not on who ran them. */
export async function runSeeds(
  runner: SeedRunner,
  selection: SeedSelection,
  report: SimulationReport,
  options: RunSeedsOptions = {},
): Promise<void> {
  const { keepGoing = true, suppressed, onSeed, isInterrupted } = options;
  const recipes = seedsOf(selection).map((seed): RunRecipe =>
    suppressed === undefined ? { seed } : { seed, suppressed },
  );
  await runner.run(recipes, (result) => {
    report.add(result);
    onSeed?.(result);
    if (isInterrupted?.() === true || (result.error !== undefined && !keepGoing)) return false;
    return !isCovered(selection, {
      unfired: report.coverage.unfired.length,
      seedsWithoutNews: report.seedsWithoutNews,
    });
  });
}
