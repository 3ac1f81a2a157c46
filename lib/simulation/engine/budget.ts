/** The clock of the real world, by which a run that does not end is noticed. */
export interface RealClock {
  /** Milliseconds since some fixed moment. */
  now(): number;
}

/** How far one seed may go. */
export interface Budget {
  /** Virtual milliseconds. Default: 3,600,000, an hour. */
  readonly virtualLimitMs: number;
  /** Events. Default: 20,000,000. */
  readonly eventLimit: number;
  /** Milliseconds of the real clock. Default: 60,000. */
  readonly realLimitMs: number;
}

export const DEFAULT_BUDGET: Budget = { virtualLimitMs: 3_600_000, eventLimit: 20_000_000, realLimitMs: 60_000 };

/** Looking at the real clock costs as much as an event, so it is done once in so many. */
const EVENTS_BETWEEN_LOOKS = 1024;

/** Notices a run that goes on for too long. A test runner's own time limit could not: its timer cannot fire meanwhile. */
export class BudgetGuard {
  private readonly startedAt: number;

  constructor(
    private readonly budget: Budget,
    private readonly clock: RealClock,
  ) {
    this.startedAt = clock.now();
  }

  /** The limit that is passed, in words; undefined when all is within. @param nextMs the virtual time of the next event; @param events how many there were. */
  exceeded(nextMs: number, events: number): string | undefined {
    const { virtualLimitMs, eventLimit, realLimitMs } = this.budget;
    if (nextMs > virtualLimitMs) return inWords('virtualLimitMs', virtualLimitMs, 'ms of virtual time');
    if (events >= eventLimit) return inWords('eventLimit', eventLimit, 'events');
    if (events % EVENTS_BETWEEN_LOOKS === 0 && this.clock.now() - this.startedAt > realLimitMs) {
      return inWords('realLimitMs', realLimitMs, 'ms of real time');
    }
    return undefined;
  }
}

function inWords(option: string, limit: number, unit: string): string {
  return `${limit.toLocaleString('en')} ${unit} (${option})`;
}
