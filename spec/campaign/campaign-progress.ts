import type { CampaignTask, TaskOutcome } from './campaign-task';

/** A task is made so large that it takes about so long: threads have little to say to each other, and end together. */
const TASK_MS = 1_000;
const MOST_SEEDS_OF_A_TASK = 200;

/** Seeds in a row, the last one included. */
export interface SeedRange {
  readonly from: number;
  readonly to: number;
}

/** What a simulation was asked for. */
export interface CampaignShare {
  readonly title: string;
  /** The first seed. */
  readonly from: number;
  /** How many seeds. Default: no limit. */
  readonly count?: number;
  /** For how many milliseconds of a thread, from now on. Default: no limit. */
  readonly budgetMs?: number;
}

/** How far a campaign is with one simulation: which seeds are next, what they took, and what was wrong. */
export class CampaignProgress {
  readonly title: string;
  readonly failures: { readonly seed: number; readonly reason: string }[] = [];
  private readonly end: number;
  private readonly budgetMs: number;
  private next: number;
  private underWay = 0;
  private isCompared = false;
  private ran = 0;
  private ranMs = 0;
  private spentMs = 0;
  /** What a thread had before it when it ended. */
  private readonly returned: SeedRange[] = [];

  /** @param before the seeds that earlier parts of the campaign have run. */
  constructor(
    { title, from, count = Infinity, budgetMs = Infinity }: CampaignShare,
    private readonly before: readonly SeedRange[] = [],
  ) {
    this.title = title;
    this.next = from;
    this.end = from + count;
    this.budgetMs = budgetMs;
  }

  /** How many seeds this part of the campaign has run. */
  get seeds(): number {
    return this.ran;
  }

  /** How many seeds a thread runs in a second; 0 while nobody knows. */
  get seedsASecond(): number {
    return this.ranMs === 0 ? 0 : (this.ran * 1_000) / this.ranMs;
  }

  /** True when nothing is left to be given to a thread, and nothing is under way. */
  get isDone(): boolean {
    return this.underWay === 0 && !this.hasMore();
  }

  /** The seeds that a thread shall run next; undefined when there are none. */
  take(): CampaignTask | undefined {
    if (!this.hasMore()) return undefined;
    const rest = this.returned.pop();
    if (rest !== undefined) return this.give(rest);
    const from = this.next;
    // Until it is known how long a seed takes, a thread is given one.
    const wanted = Math.min(MOST_SEEDS_OF_A_TASK, Math.max(1, Math.floor((this.seedsASecond * TASK_MS) / 1_000)));
    const others = this.before.map((range) => range.from).filter((first) => first > from);
    const to = Math.min(from + wanted, this.end, ...others) - 1;
    this.next = to + 1;
    return this.give({ from, to });
  }

  /** A task of this simulation is done. */
  add({ task, wantedTo, failures, tookMs, comparedMs }: TaskOutcome): void {
    this.underWay--;
    this.ran += task.to - task.from + 1;
    this.ranMs += tookMs;
    this.spentMs += tookMs + comparedMs;
    if (task.to < wantedTo) this.returned.push({ from: task.to + 1, to: wantedTo });
    this.failures.push(...failures);
  }

  private give({ from, to }: SeedRange): CampaignTask {
    const compares = !this.isCompared;
    this.isCompared = true;
    this.underWay++;
    return { title: this.title, from, to, compares };
  }

  private hasMore(): boolean {
    for (const { from, to } of [...this.before].sort((a, b) => a.from - b.from))
      if (from <= this.next && this.next <= to) this.next = to + 1;
    return (this.returned.length > 0 || this.next < this.end) && this.spentMs < this.budgetMs;
  }
}
