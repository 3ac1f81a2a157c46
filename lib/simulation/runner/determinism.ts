import { isMoonpoolError, MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { SimulationTestRecord } from '../../metadata/simulation-record';
import { ComparingTrace, RecordingTrace } from '../trace/trace';
import { runSeed } from '../seed-run/run-seed';
import type { RunSeedOptions } from '../seed-run/run-seed-options';
import type { SeedResult } from '../seed-run/seed-result';
import type { SimulationPlan } from '../seed-run/simulation-class';

/** Which comparisons are made. */
export interface DeterminismChecks {
  /** The seed that is compared with itself. */
  readonly seed: number;
  /** A seed to run between: what it leaves in the process must make no difference. Undefined leaves that comparison out. */
  readonly between: number | undefined;
}

/** The comparisons for a selection: of its first seed, with its second one between. */
export function determinismChecks(seeds: readonly number[], withSharedState = true): DeterminismChecks | undefined {
  const [seed, next] = seeds;
  if (seed === undefined) return undefined;
  return { seed, between: withSharedState ? (next ?? seed + 1) : undefined };
}

/**
 * Runs a seed twice in a row, then another seed, then the first one again, and says where its runs parted, if they did: in their events, or in
 * whether they passed.
 * A seed that asks the surrounding world is left alone: that is what it will fail with. The second run
 * looks for promises that outlive their turns. Resolves to what came of the seeds that were run, each once: they need not be run again.
 * @throws MoonpoolError SIMULATION_NOT_DETERMINISTIC or STATE_OUTLIVES_RUN, naming the first event that differed, in both
 * runs; UNAWAITED_PROMISE.
 */
export async function checkDeterminism(
  plan: SimulationPlan,
  test: SimulationTestRecord,
  checks: DeterminismChecks,
  options: RunSeedOptions,
): Promise<readonly SeedResult[]> {
  const { seed, between } = checks;
  const run = (number: number, more: Partial<RunSeedOptions> = {}) =>
    runSeed(plan, test, number, { ...options, ...more });
  const first = new RecordingTrace();
  const result = await run(seed, { trace: first });
  if (result.accesses.length > 0) return [result];
  const comparison = async (
    recording: RecordingTrace,
    expected: SeedResult,
    audits = false,
  ): Promise<MoonpoolError | undefined> => {
    const trace = new ComparingTrace(recording);
    const again = await run(seed, { trace, auditsTurns: audits });
    if (isMoonpoolError(again.error, 'UNAWAITED_PROMISE')) throw again.error;
    if (isMoonpoolError(again.error, 'SIMULATION_NOT_DETERMINISTIC')) return again.error;
    return (
      trace.parting() ??
      (again.hash === expected.hash
        ? differentEnds(seed, expected, again)
        : differentHashes(seed, expected.hash, again.hash, recording.steps.length))
    );
  };
  const parted = await comparison(first, result, true);
  if (parted !== undefined) {
    // Runs that differ from the first and not from each other have found something that the first one left.
    const second = new RecordingTrace();
    const expected = await run(seed, { trace: second });
    throw (await comparison(second, expected)) === undefined ? outlived(seed, `ran twice in a row`, parted) : parted;
  }
  if (between === undefined) return [result];
  const other = await run(between);
  const partedLater = await comparison(first, result);
  if (partedLater !== undefined) throw outlived(seed, `ran before and after seed ${between}`, partedLater);
  return [result, other];
}

function differentHashes(seed: number, first: string, second: string, steps: number): MoonpoolError {
  return new MoonpoolError('SIMULATION_NOT_DETERMINISTIC', {
    message: `Two runs of seed ${seed} have the hashes ${first} and ${second}, though no event of the first ${steps} differs`,
  });
}

/**
 * What the process keeps of earlier runs may change values alone, and no event: then the test finds it, in some of the runs. Of two that
 * fail the words are not compared, for what is kept may grow with each run.
 */
function differentEnds(seed: number, first: SeedResult, second: SeedResult): MoonpoolError | undefined {
  if ((first.error === undefined) === (second.error === undefined)) return undefined;
  const failure = first.error ?? second.error;
  return new MoonpoolError('SIMULATION_NOT_DETERMINISTIC', {
    message: `Two runs of seed ${seed} have the same events, and one of them passed while the other failed: ${messageOf(failure)}`,
    cause: failure,
  });
}

function outlived(seed: number, how: string, parted: MoonpoolError): MoonpoolError {
  return new MoonpoolError('STATE_OUTLIVES_RUN', {
    message: `Seed ${seed} ${how} in one process, and took two ways. ${parted.detail}`,
    cause: parted,
  });
}
