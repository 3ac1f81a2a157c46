import { foldWord, seedWord } from '../random/mixing';
import type { RunRecipe } from '../seed-run/run-recipe';
import type { SeedResult } from '../seed-run/seed-result';
import type { SeedRunner } from '../runner/seed-runner';
import type { SimulationReport } from '../runner/simulation-report';

/** How a simulation is explored. */
export interface ExplorationOptions {
  /** How many runs in all. */
  readonly runs: number;
  /** How many runs with a plain seed begin it. Default: a tenth of the runs, at least 10. */
  readonly seeds?: number;
  /** How many runs go on from each run that saw something new. Default: 8. */
  readonly branches?: number;
  /** Go on after a failure. Default: true. */
  readonly keepGoing?: boolean;
  readonly onRun?: (result: SeedResult) => void;
  readonly isInterrupted?: () => boolean;
}

/** What exploring a simulation found. */
export interface Exploration {
  /** What was seen, and the run that saw it first, counted from 1. */
  readonly found: ReadonlyMap<string, number>;
  /** How many of the runs saw something that none before had seen. */
  readonly productive: number;
}

/** A run that saw something new, and where to go on from it. */
interface Lead {
  readonly recipe: RunRecipe;
  /** The event after which it had seen all that was new. */
  readonly atEvent: number;
}

/**
 * Looks for behaviour that plain seeds seldom reach: a run that sees something new is run again up to that moment and goes
 * on from there with other randomness, and so on. Runs are made in rounds, each from what the rounds before it found, so
 * the result depends on the seeds alone and not on how many threads there are.
 */
export async function explore(
  runner: SeedRunner,
  report: SimulationReport,
  options: ExplorationOptions,
): Promise<Exploration> {
  const { runs, seeds = Math.max(10, Math.ceil(runs / 10)), branches = 8, keepGoing = true } = options;
  const found = new Map<string, number>();
  let productive = 0;
  let leads: Lead[] = [];
  const runRound = async (recipes: readonly RunRecipe[]): Promise<boolean> => {
    const next: Lead[] = [];
    let wantsMore = true;
    await runner.run(recipes, (result) => {
      report.add(result);
      options.onRun?.(result);
      const news = result.discoveries.filter(([what]) => !found.has(what));
      for (const [what] of news) found.set(what, report.seeds);
      if (news.length > 0) {
        productive++;
        // One event later, so that what was seen is seen again.
        if (result.error === undefined)
          next.push({ recipe: result.recipe, atEvent: Math.max(...news.map(([, atEvent]) => atEvent)) + 1 });
      }
      wantsMore = options.isInterrupted?.() !== true && (keepGoing || result.error === undefined);
      return wantsMore;
    });
    // What was found last is the least explored; old leads come again when there is nothing newer.
    leads = [...next, ...leads];
    return wantsMore;
  };
  let wantsMore = await runRound(Array.from({ length: Math.min(seeds, runs) }, (_, index) => ({ seed: index + 1 })));
  for (let round = 1; wantsMore && report.seeds < runs && leads.length > 0; round++) {
    const room = runs - report.seeds;
    const chosen = leads.splice(0, Math.max(1, Math.ceil(Math.min(room, 64) / branches)));
    const recipes = chosen.flatMap((lead, place) =>
      Array.from({ length: branches }, (_, branch) => branchOff(lead, round, place, branch)),
    );
    leads.push(...chosen);
    wantsMore = await runRound(recipes.slice(0, room));
  }
  return { found, productive };
}

function branchOff({ recipe, atEvent }: Lead, round: number, place: number, branch: number): RunRecipe {
  const seed = [round, place, branch].reduce(foldWord, seedWord(recipe.seed));
  const earlier = (recipe.reseeds ?? []).filter((reseed) => reseed.atEvent < atEvent);
  return { ...recipe, reseeds: [...earlier, { atEvent, seed }] };
}
