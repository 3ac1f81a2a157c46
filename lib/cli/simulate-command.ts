import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import picocolors from 'picocolors';
import { MoonpoolError } from '../errors/moonpool-error';
import type { SeedSelection } from '../metadata/simulation-record';
import { NodeTimeProvider } from '../providers/node/node-time-provider';
import { explore, type Exploration } from '../simulation/exploration/explore';
import { SeedFarm } from '../simulation/farm/seed-farm';
import { toJunit } from '../simulation/report/junit';
import { toRecord, type ReportRecord } from '../simulation/report/report-record';
import { checkDeterminism, determinismChecks } from '../simulation/runner/determinism';
import { runSeeds } from '../simulation/runner/run-seeds';
import { parseSeeds, seedsOf } from '../simulation/runner/seed-selection';
import { SimulationReport } from '../simulation/runner/simulation-report';
import { EXIT_CODE, type ExitCode } from './exit-code';
import { Interruption } from './interruption';
import { Progress } from './progress';
import { reduceAndKeep } from './reduced-replay';
import { findTargets, parseChaos, type SimulationTarget } from './simulation-target';
import { parseCount } from './typed-count';

/** What follows `moonpool simulate <file>`, as it was typed. */
export interface SimulateFlags {
  readonly test?: string;
  readonly seeds?: string;
  readonly jobs?: string;
  readonly chaos?: string;
  readonly explore?: string;
  readonly stopOnFailure?: boolean;
  readonly format: string;
  readonly output?: string;
  readonly replays: string;
  readonly reduce: boolean;
}

const FORMATS = ['text', 'json', 'junit'] as const;

/** What came of one test. */
interface Outcome {
  readonly record: ReportRecord;
  readonly text: string;
}

/** Runs the tests of a file over many seeds on all cores, and prints what came of it. */
export async function simulate(path: string, flags: SimulateFlags): Promise<ExitCode> {
  const format = FORMATS.find((known) => known === flags.format);
  if (format === undefined)
    throw new MoonpoolError('INVALID_OPTION', {
      message: `--format is '${flags.format}'`,
      remedy: `Give one of ${FORMATS.join(', ')}.`,
    });
  const targets = findTargets(path, flags.test);
  const interruption = new Interruption();
  try {
    const outcomes: Outcome[] = [];
    for (const target of targets)
      if (!interruption.isRequested) outcomes.push(await simulateTarget(target, flags, interruption));
    const records = outcomes.map(({ record }) => record);
    const text =
      format === 'json'
        ? `${JSON.stringify(records, undefined, 2)}\n`
        : format === 'junit'
          ? toJunit(records)
          : outcomes.map((outcome) => outcome.text).join('');
    if (flags.output === undefined) process.stdout.write(text);
    else await writeFile(flags.output, text);
    if (interruption.isRequested) return EXIT_CODE.interrupted;
    if (records.some(({ failures }) => failures.length > 0)) return EXIT_CODE.failed;
    return records.every(({ passed }) => passed) ? EXIT_CODE.passed : EXIT_CODE.uncovered;
  } finally {
    interruption.close();
  }
}

async function simulateTarget(
  target: SimulationTarget,
  flags: SimulateFlags,
  interruption: Interruption,
): Promise<Outcome> {
  const { file, plan, test, title } = target;
  const chaos = flags.chaos === undefined ? {} : { chaos: parseChaos(flags.chaos) };
  const jobs = flags.jobs === undefined ? availableParallelism() : parseCount('--jobs', flags.jobs);
  const runs = flags.explore === undefined ? undefined : parseCount('--explore', flags.explore);
  const selection = flags.seeds === undefined ? test.seeds : parseSeeds('--seeds', flags.seeds);
  const shown = relative(process.cwd(), file);
  const chaosFlag = flags.chaos === undefined ? '' : ` --chaos ${flags.chaos}`;
  const report = new SimulationReport(
    title,
    (seed) => `npx moonpool replay ${shown} --test ${plan.type.name}.${test.method} --seed ${seed}${chaosFlag}`,
  );
  const checks = determinismChecks(seedsOf(selection));
  if (checks !== undefined) await checkDeterminism(plan, test, checks, { clock: new NodeTimeProvider(), ...chaos });
  const farm = new SeedFarm(
    { file, className: plan.type.name, method: test.method, discovers: runs !== undefined, ...chaos },
    jobs,
  );
  interruption.listen(() => void farm.close());
  const startedAt = performance.now();
  let exploration: Exploration | undefined;
  try {
    const progress = new Progress(title, runs ?? seedsOf(selection).length);
    const show = (): void =>
      progress.show(
        report.seeds,
        report.failures.length === 0 ? '' : picocolors.red(`${report.failures.length} failed`),
      );
    const isInterrupted = (): boolean => interruption.isRequested;
    const keepGoing = flags.stopOnFailure !== true;
    try {
      if (runs === undefined) await runSeeds(farm, selection, report, { keepGoing, onSeed: show, isInterrupted });
      else exploration = await explore(farm, report, { runs, keepGoing, onRun: show, isInterrupted });
    } finally {
      progress.stop();
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const kept = flags.reduce
      ? await reduceAndKeep(farm, target, report, { folder: flags.replays, ...chaos, isInterrupted })
      : [];
    const record = toRecord(report, test.options.coverage !== 'report' && !isPart(selection, report, runs));
    const explored =
      exploration === undefined
        ? []
        : [`  explored: ${exploration.found.size} things seen, ${exploration.productive} runs saw something new`];
    const verdict = record.passed
      ? picocolors.green('passed')
      : record.failures.length > 0
        ? picocolors.red('FAILED')
        : picocolors.yellow('NOT COVERED');
    const took = `  ${verdict} on ${jobs} threads in ${seconds.toFixed(1)} s: ${(report.seeds / seconds).toFixed(0)} seeds and ${Math.round(report.events / seconds)} events a second`;
    return { record, text: [report.toString(), ...explored, ...kept, took, ''].join('\n') };
  } finally {
    await farm.close();
  }
}

/** True when so few seeds ran that nothing can be said of what they never saw. */
function isPart(selection: SeedSelection, report: SimulationReport, runs: number | undefined): boolean {
  return report.seeds < (runs ?? (selection === 'until-covered' ? 1 : seedsOf(selection).length));
}
