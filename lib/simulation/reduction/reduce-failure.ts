import { isMoonpoolError } from '../../errors/moonpool-error';
import type { RunRecipe } from '../runner/run-recipe';
import type { SeedResult } from '../runner/run-seed';
import type { SeedRunner } from '../runner/seed-runner';
import { reduceList } from './delta-debugging';

/** How far a reduction may go. */
export interface ReductionOptions {
  /** How many runs at most. Default: 2,000. */
  readonly maxRuns?: number;
  /** Is told after each run how many faults are left, and how many runs there were. */
  readonly onProgress?: (faults: number, runs: number) => void;
  /** Asked after each run whether to stop here, with what is reached. */
  readonly isInterrupted?: () => boolean;
}

/** A failing run, reduced to the faults that matter. */
export interface Reduction {
  /** What the reduced run is made from: replaying it fails as the whole run did. */
  readonly recipe: RunRecipe;
  /** The reduced run. */
  readonly result: SeedResult;
  /** How many faults the whole run had. */
  readonly faultsBefore: number;
  /** How many runs it took. */
  readonly runs: number;
}

/**
 * Leaves out faults of a failing run for as long as it fails in the same way: first all faults of a site at once, then by
 * delta debugging. Undefined when the run does not fail again with exactly its own faults.
 */
export async function reduceFailure(runner: SeedRunner, failure: SeedResult, options: ReductionOptions = {}): Promise<Reduction | undefined> {
  const { maxRuns = 2_000, onProgress, isInterrupted } = options;
  const wanted = signatureOf(failure.error);
  const { suppressed: _, ...base } = failure.recipe;
  let best: SeedResult | undefined;
  let runs = 0;
  const findFailing = async (candidates: readonly (readonly string[])[]): Promise<number | undefined> => {
    let tried = 0;
    let found: number | undefined;
    const recipes = candidates.map((only): RunRecipe => ({ ...base, only }));
    if (runs >= maxRuns || isInterrupted?.() === true) return undefined;
    await runner.run(recipes, (result) => {
      runs++;
      const index = tried++;
      const fails = result.error !== undefined && signatureOf(result.error) === wanted;
      if (fails) {
        found = index;
        best = result;
      }
      onProgress?.(best?.recipe.only?.length ?? failure.struck.length, runs);
      return !fails && runs < maxRuns && isInterrupted?.() !== true;
    });
    return found;
  };
  if ((await findFailing([failure.struck])) === undefined) return undefined;
  const fewer = await dropSites(failure.struck, findFailing);
  await reduceList(fewer, findFailing);
  return best === undefined ? undefined : { recipe: best.recipe, result: best, faultsBefore: failure.struck.length, runs };
}

/** Leaves out all faults of one site after the other: most sites of a hostile run have nothing to do with a failure. */
async function dropSites(struck: readonly string[], findFailing: (candidates: readonly (readonly string[])[]) => Promise<number | undefined>): Promise<readonly string[]> {
  let kept = struck;
  const counts = new Map<string, number>();
  for (const name of struck) counts.set(siteOf(name), (counts.get(siteOf(name)) ?? 0) + 1);
  const sites = [...counts].sort((a, b) => b[1] - a[1]).map(([site]) => site);
  for (const site of sites) {
    const others = kept.filter((name) => siteOf(name) !== site);
    if (others.length < kept.length && (await findFailing([others])) !== undefined) kept = others;
  }
  return kept;
}

function siteOf(fault: string): string {
  return fault.split(' ', 1)[0] as string;
}

/**
 * In which way a run failed. Numbers, and whatever follows the first colon, differ between runs that fail for one reason:
 * which node it was, or at which amount.
 */
export function signatureOf(error: unknown): string {
  const detail = isMoonpoolError(error) ? error.detail : error instanceof Error ? error.message : String(error);
  const name = isMoonpoolError(error) ? error.code : error instanceof Error ? error.name : 'thrown';
  return `${name} ${detail.split(/[:\n]/, 1)[0]?.replace(/\d+/g, '#')}`;
}
