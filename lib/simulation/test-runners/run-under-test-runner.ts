import { relative } from 'node:path';
import type { SimulationTestRecord } from '../../metadata/simulation-record';
import { formatEvent } from '../chaos/fault-table/fault-table';
import { runSimulation } from '../runner/run-simulation';
import { readSeedOverride } from '../runner/seed-selection';
import type { SimulationClass } from '../seed-run/simulation-class';
import type { TestRunner } from './test-runner';

/**
 * Runs one test of a simulation class as a runner of tests wants it: it rejects when a seed fails or when something was
 * never seen. `MOONPOOL_SEED` and `MOONPOOL_SEEDS` choose other seeds.
 * @throws MoonpoolError SIMULATION_FAILED, with the command by which this runner replays the seed.
 */
export async function runUnderTestRunner(
  type: SimulationClass,
  { method }: SimulationTestRecord,
  command: TestRunner['command'],
  file: string | undefined,
): Promise<void> {
  const override = readSeedOverride(process.env);
  const shown = file === undefined ? '' : relative(process.cwd(), file);
  const isReplay = override?.isReplay === true;
  const report = await runSimulation(type, {
    method,
    keepGoing: false,
    checkDeterminism: !isReplay,
    replayCommand: (seed) => `MOONPOOL_SEED=${seed} ${command(type.name, method, shown).replace('  ', ' ')}`,
    ...(override === undefined ? {} : { seeds: override.selection }),
    ...(isReplay ? { onEvent: (event) => process.stdout.write(`${formatEvent(event)}\n`) } : {}),
  });
  const [failure] = report.failures;
  if (failure !== undefined) throw report.describeFailure(failure);
  // One seed need not see everything.
  if (!isReplay) report.assertPassed();
}
