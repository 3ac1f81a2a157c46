import type { Contestant, Scenario } from './scenario';

/** What measuring a scenario gave. */
export interface Measurement {
  readonly scenario: string;
  readonly what: string;
  readonly unit: string;
  /** The median of the rounds. */
  readonly figure: number;
  /** The median of the baseline's rounds, which took turns with the others. */
  readonly baseline: number | undefined;
  readonly baselineName: string | undefined;
  /** The median of the ratios of neighbouring rounds: what disturbs the machine disturbs neighbours alike. */
  readonly ratio: number | undefined;
  readonly target: number | undefined;
  readonly reached: boolean | undefined;
  /** All rounds, in order, so that the spread can be seen. */
  readonly rounds: readonly number[];
  readonly baselineRounds: readonly number[];
  readonly notes: Readonly<Record<string, number>>;
}

/** Runs the scenario and its baseline in turns, A B A B, after one round each that does not count. */
export async function measure(scenario: Scenario, rounds: number): Promise<Measurement> {
  const subject = await scenario.open();
  let baseline: Contestant | undefined;
  const figures: number[] = [];
  const baselineFigures: number[] = [];
  try {
    baseline = await scenario.baseline?.open();
    await subject.run();
    await baseline?.run();
    for (let round = 0; round < rounds; round++) {
      figures.push(await subject.run());
      if (baseline !== undefined) baselineFigures.push(await baseline.run());
    }
  } finally {
    await subject.close?.();
    await baseline?.close?.();
  }
  const figure = median(figures);
  const reference = baselineFigures.length === 0 ? undefined : median(baselineFigures);
  const ratios = baselineFigures.map((value, round) => (figures[round] as number) / value);
  const ratio = ratios.length === 0 ? undefined : median(ratios);
  return {
    scenario: scenario.name,
    what: scenario.what,
    unit: scenario.unit,
    figure,
    baseline: reference,
    baselineName: scenario.baseline?.name,
    ratio,
    target: scenario.target,
    reached: isReached(scenario, ratio),
    rounds: figures,
    baselineRounds: baselineFigures,
    notes: scenario.notes?.() ?? {},
  };
}

function isReached({ target, lessIsBetter }: Scenario, ratio: number | undefined): boolean | undefined {
  if (target === undefined || ratio === undefined) return undefined;
  return lessIsBetter === true ? ratio <= target : ratio >= target;
}

/** The middle of the figures; of an even number of them, the middle of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return (lower + upper) / 2;
}
