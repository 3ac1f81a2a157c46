import { isMoonpoolError, type MoonpoolError } from 'moonpool';

/** How long a call may take, in milliseconds. */
export const LIMIT_MS = 1_000;

/** What became of the calls that were made in some time. */
export interface Outcomes {
  readonly made: number;
  /** Answered within {@link LIMIT_MS}. */
  readonly answered: number;
  /** Of the others, how many ended so: by code and whether they were executed. */
  readonly failed: Readonly<Record<string, number>>;
  /** From the first call to the last, in milliseconds. */
  readonly tookMs: number;
  /** Of those that were answered: how long the middle one and the slowest of a hundred took, in milliseconds. */
  readonly medianMs: number;
  readonly slowMs: number;
}

/** Takes down what becomes of calls. */
class Tallies {
  private answered = 0;
  private readonly failed = new Map<string, number>();
  private readonly latencies: number[] = [];
  private readonly startedAt = performance.now();

  async follow(call: () => Promise<unknown>): Promise<void> {
    const begunAt = performance.now();
    try {
      await call();
      this.noteAnswer(begunAt);
    } catch (error) {
      this.noteFailure(error);
    }
  }

  /** @param begunAt when the call was made. */
  noteAnswer(begunAt: number): void {
    const tookMs = performance.now() - begunAt;
    // A caller that had much to do itself may learn later that its time was over.
    if (tookMs <= LIMIT_MS) this.answered++;
    else this.count('answered late');
    this.latencies.push(tookMs);
  }

  noteFailure(error: unknown): void {
    this.count(isMoonpoolError(error) ? kindOf(error) : String(error));
  }

  private count(kind: string): void {
    this.failed.set(kind, (this.failed.get(kind) ?? 0) + 1);
  }

  end(made: number, tookMs = performance.now() - this.startedAt): Outcomes {
    const sorted = this.latencies.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    return {
      made,
      answered: this.answered,
      failed: Object.fromEntries(this.failed),
      tookMs,
      medianMs: at(0.5),
      slowMs: at(0.99),
    };
  }
}

function kindOf({ code, executed }: MoonpoolError): string {
  return `${code}/${executed}`;
}

/** So many callers, each of which makes its next call when the last one has ended: no more is offered than is answered. */
export async function closedLoop(call: () => Promise<unknown>, callers: number, forMs: number): Promise<Outcomes> {
  const tallies = new Tallies();
  const until = performance.now() + forMs;
  let made = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      made++;
      await tallies.follow(call);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return tallies.end(made, forMs);
}

/**
 * Calls at a rate that does not ask whether they are answered: so many a second, for so long, in milliseconds. It does as little as can be
 * for each of them, and holds on to none, for what it does itself is taken from those whom it measures.
 */
export async function openLoop(call: () => Promise<unknown>, perSecond: number, forMs: number): Promise<Outcomes> {
  const tallies = new Tallies();
  let made = 0;
  let open = 1;
  await new Promise<void>((resolve) => {
    const end = () => (--open === 0 ? resolve() : undefined);
    // The calls of one batch have begun at one time.
    const begin = (begunAt: number): void => {
      made++;
      open++;
      call().then(
        () => (tallies.noteAnswer(begunAt), end()),
        (error: unknown) => (tallies.noteFailure(error), end()),
      );
    };
    void atRate(perSecond, forMs, begin).then(end);
  });
  return tallies.end(made, forMs);
}

/** In how many milliseconds calls at a low rate are all answered again; `limitMs` when they are not. */
export async function untilNormal(call: () => Promise<unknown>, perSecond: number, limitMs: number): Promise<number> {
  const WINDOW_MS = 250;
  const startedAt = performance.now();
  while (performance.now() - startedAt < limitMs) {
    const begunAt = performance.now();
    const { made, answered } = await openLoop(call, perSecond, WINDOW_MS);
    if (answered === made) return begunAt - startedAt;
  }
  return limitMs;
}

async function atRate(perSecond: number, forMs: number, begin: (now: number) => void): Promise<void> {
  const startedAt = performance.now();
  let begun = 0;
  for (;;) {
    const now = performance.now();
    const elapsedMs = Math.min(forMs, now - startedAt);
    for (const due = Math.floor((perSecond * elapsedMs) / 1_000); begun < due; begun++) begin(now);
    if (elapsedMs >= forMs) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
}
