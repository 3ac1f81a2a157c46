import { isMoonpoolError, MoonpoolError } from '../../errors/moonpool-error';
import type { SimulationTestRecord } from '../../metadata/simulation-record';
import { ComparingTrace, RecordingTrace } from '../engine/trace';
import { runSeed, type RunSeedOptions } from './run-seed';
import type { SimulationPlan } from './simulation-class';

/**
 * Runs a seed twice, and says where the two runs parted, if they did.
 * @throws MoonpoolError SIMULATION_NOT_DETERMINISTIC naming the first event that differed, in both runs.
 */
export async function checkDeterminism(plan: SimulationPlan, test: SimulationTestRecord, seed: number, options: RunSeedOptions): Promise<void> {
  const recording = new RecordingTrace();
  const first = await runSeed(plan, test, seed, { ...options, trace: recording });
  const comparing = new ComparingTrace(recording);
  const second = await runSeed(plan, test, seed, { ...options, trace: comparing });
  if (isMoonpoolError(second.error, 'SIMULATION_NOT_DETERMINISTIC')) throw second.error;
  comparing.end();
  if (first.hash === second.hash) return;
  throw new MoonpoolError('SIMULATION_NOT_DETERMINISTIC', {
    message: `Two runs of seed ${seed} have the hashes ${first.hash} and ${second.hash}, though no event of the first ${recording.steps.length} differs`,
  });
}
