import type { SimulationTestRecord } from '../../metadata/simulation-record';
import type { RunRecipe } from '../seed-run/run-recipe';
import { runRecipe } from '../seed-run/run-seed';
import type { RunSeedOptions } from '../seed-run/run-seed-options';
import type { SeedResult } from '../seed-run/seed-result';
import type { SimulationPlan } from '../seed-run/simulation-class';

/** Is notified of each result; returns false when no more is wanted. */
export type ResultListener = (result: SeedResult) => boolean | void;

/** Runs recipes of one test: here, or on many threads. */
export interface SeedRunner {
  /** Resolves when all have run, or no more is wanted. Results are told in the order of the recipes, whoever was faster. */
  run(recipes: Iterable<RunRecipe>, onResult: ResultListener): Promise<void>;
}

/** Runs one recipe after the other in this thread. */
export class LocalSeedRunner implements SeedRunner {
  /** @param known what came of seeds that have been run with these options already: they are not run again. */
  constructor(
    private readonly plan: SimulationPlan,
    private readonly test: SimulationTestRecord,
    private readonly options: RunSeedOptions,
    private readonly known: readonly SeedResult[] = [],
  ) {}

  async run(recipes: Iterable<RunRecipe>, onResult: ResultListener): Promise<void> {
    for (const recipe of recipes) {
      const result = this.resultOf(recipe) ?? (await runRecipe(this.plan, this.test, recipe, this.options));
      if (onResult(result) === false) return;
    }
  }

  /** What is known of the seed, unless the recipe is more than a seed. */
  private resultOf(recipe: RunRecipe): SeedResult | undefined {
    const isPlain = Object.keys(recipe).length === 1;
    return isPlain ? this.known.find(({ seed }) => seed === recipe.seed) : undefined;
  }
}
