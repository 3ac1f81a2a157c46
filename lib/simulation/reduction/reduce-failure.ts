import { isMoonpoolError } from '../../errors/moonpool-error';
import { isError, messageOf, nameOf } from '../../errors/thrown-value';
import type { RunRecipe } from '../seed-run/run-recipe';
import type { SeedResult } from '../seed-run/seed-result';
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

/** So many other times are tried for the same faults, for a site and for a part of the list. */
const TIMINGS_OF_ONE_SITE = 20;
const TIMINGS_OF_SITES = 60;
const TIMINGS_OF_PARTS = 6;

/** Fewer faults than this are few enough to understand; other times are no longer tried for them. */
const FEW_FAULTS = 6;

/**
 * Leaves out faults of a failing run for as long as it fails in the same way: first all but those of one site, then all of
 * a site at once, then by delta debugging. Undefined when the run does not fail again with exactly its own faults.
 */
export async function reduceFailure(
  runner: SeedRunner,
  failure: SeedResult,
  options: ReductionOptions = {},
): Promise<Reduction | undefined> {
  const attempts = new Attempts(runner, failure, options);
  if (!(await attempts.findFailing([failure.struck], 0))) return undefined;
  const boldest = await keepOneSite(failure.struck, attempts);
  const fewer = await dropSites(boldest, attempts);
  let left = fewer;
  for (let timings = TIMINGS_OF_PARTS; ; timings *= 4) {
    left = await reduceList(left, (candidates) =>
      attempts.findFailing(candidates, timings).then((found) => found?.index),
    );
    if (left.length < FEW_FAULTS || attempts.areOver) break;
  }
  const { best } = attempts;
  return best === undefined
    ? undefined
    : { recipe: best.recipe, result: best, faultsBefore: failure.struck.length, runs: attempts.runs };
}

/** Keeps the faults of one site alone, if they are enough: those of the rarest are likeliest to be what matters. */
async function keepOneSite(struck: readonly string[], attempts: Attempts): Promise<readonly string[]> {
  const candidates = sitesOf(struck)
    .reverse()
    .map((site) => struck.filter((name) => siteOf(name) === site));
  const found = candidates.length < 2 ? undefined : await attempts.findFailing(candidates, TIMINGS_OF_ONE_SITE);
  return found === undefined ? struck : (candidates[found.index] as readonly string[]);
}

/** Leaves out all faults of one site after the other: most sites of a hostile run have nothing to do with a failure. */
async function dropSites(struck: readonly string[], attempts: Attempts): Promise<readonly string[]> {
  let kept = struck;
  for (const site of sitesOf(struck)) {
    const others = kept.filter((name) => siteOf(name) !== site);
    if (others.length < kept.length && (await attempts.findFailing([others], TIMINGS_OF_SITES))) kept = others;
  }
  return kept;
}

/** Runs with fewer faults, and the best that was found. */
class Attempts {
  best: SeedResult | undefined;
  runs = 0;
  private base: RunRecipe;
  private readonly signature: string;

  constructor(
    private readonly runner: SeedRunner,
    private readonly failure: SeedResult,
    private readonly options: ReductionOptions,
  ) {
    const { suppressed: _, ...base } = failure.recipe;
    this.base = base;
    this.signature = signatureOf(failure.error);
  }

  /**
   * The first candidate with which the run fails in the same way. Many faults only delay something, and so bring about
   * an unlucky order; without them another timing of the run may bring it about as well. So when no candidate fails as
   * things are, each is tried with some other timings, from which the search then goes on.
   */
  async findFailing(
    candidates: readonly (readonly string[])[],
    timings: number,
  ): Promise<{ readonly index: number } | undefined> {
    const asTheyAre = await this.try(candidates.map((only) => ({ ...this.base, only })));
    if (asTheyAre !== undefined) return { index: asTheyAre };
    if (timings === 0 || (this.best?.recipe.only?.length ?? Infinity) < FEW_FAULTS) return undefined;
    const shaken = await this.try(
      candidates.flatMap((only) =>
        Array.from({ length: timings }, (_, timing): RunRecipe => ({
          seed: this.base.seed,
          only,
          reseeds: [{ atEvent: 1, seed: timing + 1 }],
        })),
      ),
    );
    return shaken === undefined ? undefined : { index: Math.floor(shaken / timings) };
  }

  private async try(recipes: readonly RunRecipe[]): Promise<number | undefined> {
    if (this.areOver) return undefined;
    let tried = 0;
    let found: number | undefined;
    await this.runner.run(recipes, (result) => {
      this.runs++;
      const index = tried++;
      if (result.error !== undefined && signatureOf(result.error) === this.signature) {
        found = index;
        this.best = result;
        const { only: _, ...base } = result.recipe;
        this.base = base;
      }
      this.options.onProgress?.(this.best?.recipe.only?.length ?? this.failure.struck.length, this.runs);
      return found === undefined && !this.areOver;
    });
    return found;
  }

  get areOver(): boolean {
    return this.runs >= (this.options.maxRuns ?? 2_000) || this.options.isInterrupted?.() === true;
  }
}

/** The sites of the faults, the commonest first. */
function sitesOf(faults: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of faults) counts.set(siteOf(name), (counts.get(siteOf(name)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([site]) => site);
}

function siteOf(fault: string): string {
  return fault.split(' ', 1)[0] as string;
}

/**
 * In which way a run failed. Numbers, and whatever follows the first colon, differ between runs that fail for one reason:
 * which node it was, or at which amount.
 */
export function signatureOf(error: unknown): string {
  const detail = isMoonpoolError(error) ? error.detail : messageOf(error);
  const name = isMoonpoolError(error) ? error.code : isError(error) ? nameOf(error) : 'thrown';
  return `${name} ${detail.split(/[:\n]/, 1)[0]?.replace(/\d+/g, '#')}`;
}
