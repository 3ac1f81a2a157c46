import type { SeedSelection } from '../../metadata/simulation-record';
import { NodeTimeProvider } from '../../providers/node/node-time-provider';
import type { ChaosLevel } from '../chaos/chaos-profile';
import type { TimelineEvent } from '../engine/timeline';
import { checkDeterminism, determinismChecks } from './determinism';
import { runSeeds } from './run-seeds';
import type { RunSeedOptions, SeedResult } from './run-seed';
import { LocalSeedRunner } from './seed-runner';
import { seedsOf } from './seed-selection';
import { planSimulation, testOf, type SimulationClass } from './simulation-class';
import { SimulationReport } from './simulation-report';

/** How a simulation is run outside of a test runner. */
export interface RunSimulationOptions {
  /** The method to run. Default: the only one, or the first. */
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
  /** Is told of each seed when it has ended. */
  readonly onSeed?: (result: SeedResult) => void;
  /** Is told of each event of the timeline. */
  readonly onEvent?: (event: TimelineEvent) => void;
  /** Names of faults, as the timeline has them, that shall not strike. */
  readonly suppressed?: readonly string[];
  /** The command that replays a seed, for the report. */
  readonly replayCommand?: (seed: number) => string;
}

/**
 * Runs a test of a simulation class over its seeds and says what came of it. Rejects only when the class or the options
 * cannot be used, or when a seed takes two ways. @throws MoonpoolError INVALID_SIMULATION_CLASS, INVALID_OPTION, SIMULATION_NOT_DETERMINISTIC,
 * STATE_OUTLIVES_RUN, UNAWAITED_PROMISE
 */
export async function runSimulation(type: SimulationClass, options: RunSimulationOptions = {}): Promise<SimulationReport> {
  const { onEvent, suppressed, chaos, onSeed, keepGoing } = options;
  const plan = planSimulation(type);
  const test = testOf(plan, options.method);
  const title = `${type.name} ${test.method}`;
  const report = new SimulationReport(title, options.replayCommand ?? ((seed) => `MOONPOOL_SEED=${seed} npx mocha -g '${title}'`));
  const selection = options.seeds ?? test.seeds;
  const runOptions: RunSeedOptions = { clock: new NodeTimeProvider(), ...(chaos === undefined ? {} : { chaos }) };
  const checks = options.checkDeterminism === false ? undefined : determinismChecks(seedsOf(selection), options.checkSharedState);
  if (checks !== undefined) await checkDeterminism(plan, test, checks, runOptions);
  const runner = new LocalSeedRunner(plan, test, onEvent === undefined ? runOptions : { ...runOptions, onEvent });
  await runSeeds(runner, selection, report, {
    ...(onSeed === undefined ? {} : { onSeed }),
    ...(keepGoing === undefined ? {} : { keepGoing }),
    ...(suppressed === undefined ? {} : { suppressed }),
  });
  return report;
}
