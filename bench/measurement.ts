/** What a scenario measured: operations a second, of ours and of the least that must happen. */
export interface Measurement {
  readonly scenario: string;
  /** Median operations a second. */
  readonly subject: number;
  /** Median operations a second of the baseline; undefined where there is none. */
  readonly baseline: number | undefined;
  /** The median of the ratios of neighbouring rounds. */
  readonly ratio: number | undefined;
  readonly unit: string;
  /** What the project aims at, as a ratio. */
  readonly target: number | undefined;
}

/** A thing to measure: does its work once and says how many operations a second that were. */
export type Runner = () => Promise<number>;

/** How a scenario is measured. */
export interface Scenario {
  readonly name: string;
  readonly unit: string;
  readonly target?: number;
  readonly subject: Runner;
  readonly baseline?: Runner;
}

const ROUNDS = 5;

/**
 * Measures subject and baseline in turn, A B A B, after a warm-up of both: the machine's speed drifts, and neighbours
 * drift together.
 */
export async function measure({ name, unit, target, subject, baseline }: Scenario): Promise<Measurement> {
  await subject();
  await baseline?.();
  const subjects: number[] = [];
  const baselines: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    subjects.push(await subject());
    if (baseline !== undefined) baselines.push(await baseline());
  }
  const ratios = baselines.map((value, index) => (subjects[index] as number) / value);
  const hasBaseline = baseline !== undefined;
  return { scenario: name, subject: median(subjects), baseline: hasBaseline ? median(baselines) : undefined, ratio: hasBaseline ? median(ratios) : undefined, unit, target };
}

/** Operations a second of work that does so many. */
export async function rate(operations: number, work: () => Promise<unknown> | unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (operations / (performance.now() - startedAt)) * 1_000;
}

/** Does the work so many times, with so many under way at a time. */
export async function inFlight(operations: number, width: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < operations) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, operations) }, worker));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}
