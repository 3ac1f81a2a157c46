/** One way of doing the work of a scenario, ready to be run again and again. */
export interface Contestant {
  /** Does the work once and resolves to the figure, in the unit of the scenario. */
  run(): Promise<number>;
  /** Gives back what the contestant holds: processes, files, sockets. */
  close?(): Promise<void>;
}

/** Something whose speed matters, beside the least that must happen in any case. */
export interface Scenario {
  readonly name: string;
  /** What is done, in a few words. */
  readonly what: string;
  /** What figures count: so many a second (more is better), or milliseconds (less is better). */
  readonly unit: string;
  readonly lessIsBetter?: boolean;
  /** The ratio to the baseline that is to be reached: at least, or at most where less is better. */
  readonly target?: number;
  /** How the baseline does it; undefined where there is nothing to compare with. */
  readonly baseline?: { readonly name: string; open(): Promise<Contestant> };
  open(): Promise<Contestant>;
  /** Further figures of the last run, for the reader. */
  readonly notes?: () => Readonly<Record<string, number>>;
}

/** The figure of work that was done so many times: how often a second. */
export async function perSecond(operations: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (operations / (performance.now() - startedAt)) * 1_000;
}
