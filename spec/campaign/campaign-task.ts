/** Some seeds of one simulation, for one thread. */
export interface CampaignTask {
  readonly title: string;
  readonly from: number;
  /** The last one. */
  readonly to: number;
  /** Also run the first seed again and again, and compare. */
  readonly compares: boolean;
}

/** What a thread says of a seed. */
export interface SeedOutcome {
  readonly seed: number;
  /** What is wrong; undefined when it passed. */
  readonly reason?: string | undefined;
}

/** What a thread says when it has done a task. */
export interface TaskDone {
  readonly done: true;
  /** Milliseconds that the seeds took, and that the comparison took before them. */
  readonly tookMs: number;
  readonly comparedMs: number;
  /** The bytes that the heap of the thread holds, garbage included. */
  readonly heapBytes: number;
}

export type ThreadMessage = SeedOutcome | TaskDone;

/** What came of a task. */
export interface TaskOutcome {
  /** As it was done: up to the seed in which the thread ended, when it did. */
  readonly task: CampaignTask;
  /** The last seed that was asked for. */
  readonly wantedTo: number;
  readonly failures: readonly { readonly seed: number; readonly reason: string }[];
  readonly tookMs: number;
  readonly comparedMs: number;
}
