import type { RefusalLog } from '../observability/refusal-log';
import type { RandomProvider } from '../providers/random-provider';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { StateStorage } from '../storage/state-storage';
import type { AnswerWindow } from './remembered-answers';

/** How many answers are forgotten at once: few enough that nobody waits for it. */
const AT_ONCE = 500;

/** How long it waits between two looks, as a part of the window, and at least, in milliseconds. */
const WINDOW_SHARE = 0.1;
const LEAST_WAIT_MS = 1_000;

/** What forgetting needs from its node. */
export interface AnswerForgettingParts {
  readonly storage: StateStorage;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly refusals: Pick<RefusalLog, 'note'>;
  readonly options: Pick<AnswerWindow, 'answerWindowMs'>;
}

/**
 * Has the store forget the answers that are past their window. Every node does that, each at times of its own: what one has forgotten is
 * not there for the next, and none need be chosen.
 */
export class AnswerForgetting {
  private waiting: Timer | undefined;
  private isStopped = false;

  constructor(private readonly parts: AnswerForgettingParts) {}

  start(): void {
    this.wait();
  }

  stop(): void {
    this.isStopped = true;
    this.waiting?.cancel();
  }

  private wait(): void {
    if (this.isStopped) return;
    const { time, random, options } = this.parts;
    const waitMs = Math.max(LEAST_WAIT_MS, options.answerWindowMs * WINDOW_SHARE) * (0.5 + random.fraction());
    this.waiting = time.schedule(waitMs, () => void this.forget());
  }

  private async forget(): Promise<void> {
    const { storage, options, refusals } = this.parts;
    try {
      let forgotten: number;
      do forgotten = await storage.forget({ answersOlderThanMs: options.answerWindowMs, limit: AT_ONCE });
      while (forgotten === AT_ONCE && !this.isStopped);
    } catch (error) {
      // The next look finds them too. Nobody waits for this one, and what an engine throws that is anybody's would end the process.
      refusals.note('answers that are past their window could not be forgotten', 'the store', () => ({ error }));
    }
    this.wait();
  }
}
