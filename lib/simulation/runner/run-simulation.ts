import { MoonpoolError } from '../../errors/moonpool-error';
import type { SeedSelection } from '../../metadata/simulation-record';
import { NodeTimeProvider } from '../../providers/node/node-time-provider';
import type { TimelineEvent } from '../engine/timeline';
import { checkDeterminism } from './determinism';
import { runSeed, type RunSeedOptions, type SeedResult } from './run-seed';
import { seedsOf } from './seed-selection';
import { planSimulation, type SimulationClass } from './simulation-class';
import { SimulationReport } from './simulation-report';

/** How a simulation is run outside of a test runner. */
export interface RunSimulationOptions {
  /** The method to run. Default: the only one, or the first. */
  readonly method?: string;
  /** Default: what the method's decorator says. */
  readonly seeds?: SeedSelection;
  /** Go on after a failure. Default: true. */
  readonly keepGoing?: boolean;
  /** Run the first seed twice and compare. Default: true. */
  readonly checkDeterminism?: boolean;
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
 * cannot be used, or when a seed takes two ways. @throws MoonpoolError INVALID_SIMULATION_CLASS, INVALID_OPTION, SIMULATION_NOT_DETERMINISTIC
 */
export async function runSimulation(type: SimulationClass, options: RunSimulationOptions = {}): Promise<SimulationReport> {
  const plan = planSimulation(type);
  const test = options.method === undefined ? plan.tests[0] : plan.tests.find(({ method }) => method === options.method);
  if (test === undefined) {
    const known = plan.tests.map(({ method }) => method).join(', ');
    throw new MoonpoolError('INVALID_OPTION', { message: `The class ${type.name} has no test '${options.method}'; it has ${known}` });
  }
  const title = `${type.name} ${test.method}`;
  const report = new SimulationReport(title, options.replayCommand ?? ((seed) => `MOONPOOL_SEED=${seed} npx mocha -g '${title}'`));
  const { onEvent, suppressed } = options;
  const runOptions: RunSeedOptions = {
    clock: new NodeTimeProvider(),
    ...(suppressed === undefined ? {} : { suppressed: new Set(suppressed) }),
  };
  const seeds = seedsOf(options.seeds ?? test.seeds);
  if (options.checkDeterminism !== false && seeds[0] !== undefined) await checkDeterminism(plan, test, seeds[0], runOptions);
  for (const seed of seeds) {
    const result = await runSeed(plan, test, seed, onEvent === undefined ? runOptions : { ...runOptions, onEvent });
    report.add(result);
    options.onSeed?.(result);
    if (result.error !== undefined && options.keepGoing === false) break;
  }
  return report;
}
