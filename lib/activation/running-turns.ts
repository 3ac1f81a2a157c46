import type { Logger } from '../observability/logger';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { Turn } from './turn';

/**
 * The turns under way on a node, oldest first: linked, so that a turn costs next to nothing. While there are any, one timer
 * looks for those that take long.
 */
export class RunningTurns {
  private first: Turn | undefined;
  private last: Turn | undefined;
  private watch: Timer | undefined;
  private isStopped = false;

  /** @param limitMs how long a turn may take before it is reported. */
  constructor(
    private readonly limitMs: number,
    private readonly time: TimeProvider,
    private readonly logger: Logger,
  ) {}

  get isEmpty(): boolean {
    return this.first === undefined;
  }

  add(turn: Turn): void {
    turn.isListed = true;
    turn.earlier = this.last;
    if (this.last === undefined) this.first = turn;
    else this.last.later = turn;
    this.last = turn;
    if (this.watch === undefined) this.look(turn);
  }

  remove(turn: Turn): void {
    if (!turn.isListed) return;
    const { earlier, later } = turn;
    if (earlier === undefined) this.first = later;
    else earlier.later = later;
    if (later === undefined) this.last = earlier;
    else later.earlier = earlier;
    turn.earlier = undefined;
    turn.later = undefined;
    turn.isListed = false;
  }

  /** Looks after nothing any more. */
  stop(): void {
    this.isStopped = true;
    this.watch?.cancel();
  }

  private look(next: Turn): void {
    if (this.isStopped) return;
    const { time, limitMs } = this;
    this.watch = time.schedule(Math.max(0, next.startedAt + limitMs - time.now()), () => {
      this.watch = undefined;
      this.report(time.now());
      // Those that were reported stay at the front; the first that was not decides when to look again.
      let waiting = this.first;
      while (waiting?.isReported === true) waiting = waiting.later;
      if (waiting !== undefined) this.look(waiting);
    });
  }

  /** Reports each turn once that has been under way for too long. */
  private report(now: number): void {
    for (let turn = this.first; turn !== undefined && now - turn.startedAt >= this.limitMs; turn = turn.later) {
      if (turn.isReported) continue;
      turn.isReported = true;
      const { request, startedAt, openCalls } = turn;
      const waits = openCalls === 0 ? undefined : openCalls;
      this.logger.warn('a turn takes long', { actor: request.target.path, method: request.method, ms: Math.round(now - startedAt), callsItWaitsFor: waits });
    }
  }

  /** How many turns are under way, and for how long the oldest. */
  describe(now: number): { readonly count: number; readonly longestMs: number } {
    let count = 0;
    for (let turn = this.first; turn !== undefined; turn = turn.later) count++;
    return { count, longestMs: this.first === undefined ? 0 : now - this.first.startedAt };
  }
}
