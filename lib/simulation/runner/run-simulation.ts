import {
  chaosLevel,
  seedSelection,
  type SeedSelection,
  type SimulationTestRecord,
} from '../../metadata/simulation-record';
import { anyOf, callback, flag, list, text } from '../../options/option-kind';
import { optionTable } from '../../options/option-table';
import { NodeTimeProvider } from '../../providers/node/node-time-provider';
import type { ChaosLevel } from '../chaos/profile/chaos-profile';
import { isFaultName } from '../chaos/fault-table/fault-table';
import type { TimelineEvent } from '../timeline/timeline';
import { checkDeterminism, determinismChecks } from './determinism';
import { runSeeds } from './run-seeds';
import type { RunSeedOptions } from '../seed-run/run-seed-options';
import type { SeedResult } from '../seed-run/seed-result';
import { LocalSeedRunner } from './seed-runner';
import { seedsOf } from './seed-selection';
import { planSimulation, testOf, type SimulationClass, type SimulationPlan } from '../seed-run/simulation-class';
import { SimulationReport } from './simulation-report';

/** How a simulation is run outside of a test runner. */
export interface RunSimulationOptions {
  /** The method to run. Default: the only one; `checkSimulation` runs them all. */
  readonly method?: string;
  /** Default: what the method's decorator says. */
  readonly seeds?: SeedSelection;
  /** How hard the world is. Default: what the method's decorator says. */
  readonly chaos?: ChaosLevel;
  /** Go on after a failure. Default: true. */
  readonly keepGoing?: boolean;
  /** Run the first seed twice and compare. Default: true. */
  readonly checkDeterminism?: boolean;
  /** With that comparison, run the first seed once more after another one, to find what a run leaves in the process. Default: true. */
  readonly checkSharedState?: boolean;
  /** Is notified of each seed when it has ended. */
  readonly onSeed?: (result: SeedResult) => void;
  /** Is notified of each event of the timeline. */
  readonly onEvent?: (event: TimelineEvent) => void;
  /** Names of faults, as the timeline has them, that shall not strike. */
  readonly suppressed?: readonly string[];
  /** The command that replays a seed, for the report. Default: how this program, or the command line, runs the seed again. */
  readonly replayCommand?: (seed: number) => string;
}

export const RUN_SIMULATION_OPTIONS = optionTable<RunSimulationOptions>({
  method: text('the name of a method with @SimulationTest'),
  seeds: seedSelection,
  chaos: chaosLevel,
  keepGoing: flag(),
  checkDeterminism: flag(),
  checkSharedState: flag(),
  onSeed: callback('a function (result) => ...'),
  onEvent: callback('a function (event) => ...'),
  suppressed: list(
    'a list of names of faults',
    anyOf('the name of a fault as the timeline has it, such as clog-write node1>node2 #7', isFaultName),
  ),
  replayCommand: callback('a function (seed) => text'),
});

/**
 * Runs the tests of a simulation class over their seeds, and rejects unless all pass: no seed fails, and every `sometimes` is
 * true in one of them. Resolves to a report of each test. @throws MoonpoolError SIMULATION_FAILED with the first seed that
 * failed and how to replay it, and whatever {@link runSimulation} throws
 */
export async function checkSimulation(
  type: SimulationClass,
  options: RunSimulationOptions = {},
): Promise<readonly SimulationReport[]> {
  RUN_SIMULATION_OPTIONS.check('checkSimulation', options);
  const plan = planSimulation(type);
  const tests = options.method === undefined ? plan.tests : [testOf(plan, options.method)];
  const reports: SimulationReport[] = [];
  for (const test of tests) {
    const report = await runTest(plan, test, options);
    report.assertPassed();
    reports.push(report);
  }
  return reports;
}

/**
 * Runs a test of a simulation class over its seeds and says what came of it. It resolves when seeds fail too, for campaigns that
 * look at the failures themselves: ask the report with `assertPassed`, or use {@link checkSimulation}. Rejects when the class or the
 * options cannot be used, or when a seed takes two ways. @throws MoonpoolError INVALID_SIMULATION_CLASS, INVALID_OPTION,
 * SIMULATION_NOT_DETERMINISTIC, STATE_OUTLIVES_RUN, UNAWAITED_PROMISE
 */
export async function runSimulation(
  type: SimulationClass,
  options: RunSimulationOptions = {},
): Promise<SimulationReport> {
  RUN_SIMULATION_OPTIONS.check('runSimulation', options);
  const plan = planSimulation(type);
  return runTest(plan, testOf(plan, options.method), options);
}

/** How a seed is run again where no runner of tests has a command for it: by the program that ran it. */
function replayInProgram(type: string, method: string, seed: number): string {
  return `checkSimulation(${type}, { method: '${method}', seeds: [${seed}] }), or npx moonpool replay <the compiled file of ${type}> --seed ${seed}`;
}

async function runTest(
  plan: SimulationPlan,
  test: SimulationTestRecord,
  options: RunSimulationOptions,
): Promise<SimulationReport> {
  const { onEvent, suppressed, chaos, onSeed, keepGoing } = options;
  const title = `${plan.type.name} ${test.method}`;
  const report = new SimulationReport(
    title,
    options.replayCommand ?? ((seed) => replayInProgram(plan.type.name, test.method, seed)),
    test.options.coverage !== 'report',
  );
  const selection = options.seeds ?? test.seeds;
  const runOptions: RunSeedOptions = { clock: new NodeTimeProvider(), ...(chaos === undefined ? {} : { chaos }) };
  const checks =
    options.checkDeterminism === false ? undefined : determinismChecks(seedsOf(selection), options.checkSharedState);
  const checked = checks === undefined ? [] : await checkDeterminism(plan, test, checks, runOptions);
  // Who listens wants to hear of every seed.
  const runner =
    onEvent === undefined
      ? new LocalSeedRunner(plan, test, runOptions, checked)
      : new LocalSeedRunner(plan, test, { ...runOptions, onEvent });
  await runSeeds(runner, selection, report, {
    ...(onSeed === undefined ? {} : { onSeed }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
    ...(suppressed === undefined ? {} : { suppressed }),
  });
  return report;
}
