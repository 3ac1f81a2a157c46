import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { messageOf } from '../errors/thrown-value';
import { describeFault } from '../simulation/chaos/fault-table/fault-table';
import type { ChaosLevel } from '../simulation/chaos/profile/chaos-profile';
import { reduceFailure } from '../simulation/reduction/reduce-failure';
import { formatReplay } from '../simulation/reduction/replay-file';
import type { SeedRunner } from '../simulation/runner/seed-runner';
import type { SeedResult } from '../simulation/seed-run/seed-result';
import type { SimulationReport } from '../simulation/runner/simulation-report';
import { Progress } from './progress';
import type { SimulationTarget } from './simulation-target';

/** How many failures are reduced: many have one cause, and each takes a while. */
const REDUCED_FAILURES = 3;

const MAX_RUNS = 2_000;

/** Where reduced runs are kept, and how they are made. */
export interface KeepOptions {
  readonly folder: string;
  readonly chaos?: ChaosLevel;
  readonly isInterrupted: () => boolean;
}

/** Reduces the first failures to the faults that matter, keeps each as a replay file, and says so in lines for the report. */
export async function reduceAndKeep(
  runner: SeedRunner,
  target: SimulationTarget,
  report: SimulationReport,
  options: KeepOptions,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const failure of report.failures.slice(0, REDUCED_FAILURES)) {
    if (options.isInterrupted()) break;
    const progress = new Progress(`reducing seed ${failure.seed}`, MAX_RUNS);
    try {
      const onProgress = (faults: number, runs: number): void => progress.show(runs, `${faults} faults left`);
      const reduction = await reduceFailure(runner, failure, {
        maxRuns: MAX_RUNS,
        onProgress,
        isInterrupted: options.isInterrupted,
      });
      const kept = reduction?.result ?? failure;
      const path = await keep(kept, target, options);
      const shown =
        reduction === undefined
          ? 'could not be reduced'
          : `${reduction.faultsBefore} faults reduced to ${kept.recipe.only?.length ?? kept.struck.length} in ${reduction.runs} runs`;
      const faults =
        reduction === undefined
          ? []
          : (kept.recipe.only ?? []).slice(0, 10).flatMap((name) => [`    ${name}`, ...sentenceOf(name)]);
      lines.push(`  seed ${failure.seed}: ${shown}; replay with: npx moonpool replay ${path}`, ...faults);
    } finally {
      progress.stop();
    }
  }
  return lines;
}

/** What the fault does; how long it lasted and whom it hit, where its name does not say it, a replay shows. */
function sentenceOf(fault: string): readonly string[] {
  const sentence = describeFault(fault);
  return sentence === undefined ? [] : [`      ${sentence}`];
}

async function keep(
  result: SeedResult,
  { file, plan, test }: SimulationTarget,
  { folder, chaos }: KeepOptions,
): Promise<string> {
  const path = join(folder, `${plan.type.name}-${test.method}-${result.seed}.json`);
  const commit = currentCommit();
  await mkdir(folder, { recursive: true });
  const text = formatReplay({
    node: process.version,
    ...(commit === undefined ? {} : { commit }),
    file: relative(process.cwd(), file),
    className: plan.type.name,
    method: test.method,
    ...(chaos === undefined ? {} : { chaos }),
    recipe: result.recipe,
    hash: result.hash,
    failure: messageOf(result.error),
  });
  await writeFile(path, text);
  return path;
}

/** The commit that is checked out; undefined where that cannot be known. */
function currentCommit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
