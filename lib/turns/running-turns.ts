import { LinkedList } from '../concurrency/linked-list';
import type { RefusalLog } from '../observability/refusal-log';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { Turn, TurnHome } from './turn';

/** What is needed to look after turns. Times are in milliseconds. */
export interface RunningTurnsParts {
  readonly time: TimeProvider;
  readonly refusals: Pick<RefusalLog, 'note'>;
  /** How long a turn may take before it is reported. */
  readonly limitMs: number;
  /** How often to look, at least. */
  readonly everyMs: number;
  /** Is told at each look what time it is. */
  readonly onLook: (now: number) => void;
}

const IF_IT_WAITS_FOR_ITSELF =
  'If it awaits runtime.shutdown(), both wait for each other until activation.drainLimitMs: begin it with `void runtime.shutdown()`.';

/**
 * The turns under way on a node, oldest first. While there are any, one timer looks for those that take long.
 */
export class RunningTurns {
  private readonly turns = new LinkedList<Turn>();
  private watch: Timer | undefined;
  private isStopped = false;
  /** The node ends when they have. */
  private areWaitedFor = false;

  constructor(private readonly parts: RunningTurnsParts) {}

  get isEmpty(): boolean {
    return this.turns.length === 0;
  }

  /** The turns that are under way since that moment or longer, the oldest first. A list of its own. */
  startedBefore(moment: number): readonly Turn[] {
    const { turns } = this;
    const started: Turn[] = [];
    for (let turn = turns.first; turn !== undefined && turn.startedAt <= moment; turn = turns.after(turn))
      started.push(turn);
    return started;
  }

  /** The turns of one activation. */
  of(home: TurnHome): readonly Turn[] {
    return this.startedBefore(Number.POSITIVE_INFINITY).filter(({ loop }) => loop === home);
  }

  add(turn: Turn): void {
    this.turns.append(turn);
    if (this.watch === undefined) this.expectLook(turn.startedAt);
  }

  /** Does nothing when the turn is not under way. */
  remove(turn: Turn): void {
    this.turns.unlink(turn);
  }

  /** The node waits for them and then ends: those that take long are reported once more, with what that may be for. */
  waitFor(): void {
    this.areWaitedFor = true;
    for (const turn of this.startedBefore(Number.POSITIVE_INFINITY)) turn.isReported = false;
  }

  /** Looks after nothing any more. */
  stop(): void {
    this.isStopped = true;
    this.watch?.cancel();
  }

  private expectLook(now: number): void {
    if (this.isStopped) return;
    this.watch = this.parts.time.schedule(this.nextLook(now), () => {
      this.watch = undefined;
      const moment = this.parts.time.now();
      this.report(moment);
      this.parts.onLook(moment);
      if (!this.isEmpty) this.expectLook(moment);
    });
  }

  /** When the first turn that was not reported is due to be, and no later than regularly. */
  private nextLook(now: number): number {
    const { turns } = this;
    let waiting = turns.first;
    // Those that were reported stay at the front.
    while (waiting?.isReported === true) waiting = turns.after(waiting);
    const dueMs = waiting === undefined ? this.parts.everyMs : waiting.startedAt + this.parts.limitMs - now;
    return Math.max(0, Math.min(this.parts.everyMs, dueMs));
  }

  /** Reports each turn once that has been under way for too long. */
  private report(now: number): void {
    const { turns } = this;
    for (
      let turn = turns.first;
      turn !== undefined && now - turn.startedAt >= this.parts.limitMs;
      turn = turns.after(turn)
    ) {
      if (turn.isReported) continue;
      turn.isReported = true;
      const { request, startedAt, openCalls } = turn;
      const calls = openCalls?.length === 0 ? undefined : openCalls?.length;
      const what = this.areWaitedFor ? 'a turn takes long, and the shutdown waits for it' : 'a turn takes long';
      const fields = {
        actor: request.target.path,
        method: request.method,
        ms: Math.round(now - startedAt),
        callsItWaitsFor: calls,
        ...(this.areWaitedFor && calls === undefined ? { remedy: IF_IT_WAITS_FOR_ITSELF } : {}),
      };
      // What holds up one of them, such as a database that is away, mostly holds up many.
      this.parts.refusals.note(what, turn, () => ({ fields }));
    }
  }

  /** How many turns are under way, and for how long the oldest. */
  describe(now: number): { readonly count: number; readonly longestMs: number } {
    const { first, length: count } = this.turns;
    return { count, longestMs: first === undefined ? 0 : now - first.startedAt };
  }
}
