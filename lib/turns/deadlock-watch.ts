import { MoonpoolError } from '../errors/moonpool-error';
import { describeCircle } from '../calls/circle';
import type { OpenCall } from '../calls/open-calls';
import { MAX_PROBE_PATH, type Probe } from '../calls/probe';
import type { MessageRouter } from '../messaging/message-router';
import type { RandomProvider } from '../providers/random-provider';
import type { EventLog } from '../observability/event-log';
import { DeadlockQuestion } from './deadlock-question';
import type { RunningTurns } from './running-turns';
import type { Turn } from './turn';
import type { TurnLoop } from './turn-loop';

const NO_CALLS: readonly OpenCall[] = [];

/** They came from different callers, so the turns of one chain are not the remedy. */
const CALL_IN_ONE_ORDER =
  'Let this turn fail and its caller try again: the others go on. To have it seldom, let actors call each other in one order, or use $send.';

/** What the watch needs from its node. */
export interface DeadlockWatchParts {
  readonly running: RunningTurns;
  readonly router: MessageRouter;
  readonly events: EventLog;
  readonly random: RandomProvider;
  /** The activations of the actor here, by their turns. */
  readonly loopsOf: (path: string) => Iterable<TurnLoop>;
  /** How old a turn is that asks whether it waits for itself, in milliseconds. */
  readonly afterMs: number;
}

/**
 * Finds turns that wait for each other in a circle, though none of their calls was made in the course of another: A calls B
 * while B calls A. A turn that keeps others waiting while it waits itself sends a {@link Probe} along each of its calls. When
 * one comes back by a call that waits for this very turn, that call can never be served, and is answered so. Of those in a circle that
 * ask at about the same time, only the turn with the greatest id hears of itself, for the others are not followed past it: so one call fails, and not all.
 */
export class DeadlockWatch {
  /** Calls that were refused because they waited for themselves. */
  found = 0;
  private round: number | undefined;
  private lookedAt = 0;
  /** What was forwarded since the last look, so that no probe goes round and round where it does not belong. */
  private readonly passed = new Set<string>();

  constructor(private readonly parts: DeadlockWatchParts) {}

  /** Sends probes for the turns that may wait for themselves. @param now by the monotonic clock. */
  look(now: number): void {
    const { running, afterMs, router } = this.parts;
    this.passed.clear();
    this.round = undefined;
    this.lookedAt = now;
    for (const turn of running.startedBefore(now - afterMs)) {
      const calls = keepsWaiting(turn) ? turn.waitsFor : NO_CALLS;
      const [newest] = calls;
      if (newest === undefined) continue;
      const question = (turn.question ??= new DeadlockQuestion(afterMs));
      if (!question.isDue(newest.call, now)) continue;
      // Nobody can guess it: only who has had the question can bring it back, be it a client.
      const round = (this.round ??= this.parts.random.uint32() * 2 ** 20 + (this.parts.random.uint32() >>> 12));
      question.round = round;
      for (const call of calls)
        router.follow(call, { turn: turn.id, via: call.call, round, path: [turn.request.target.path] });
    }
  }

  /** A probe has come along the call of the actor: it goes on along the calls of those that keep it waiting. */
  follow(path: string, call: string, probe: Probe): void {
    for (const loop of this.parts.loopsOf(path)) {
      for (const turn of loop.turnsFor(call)) this.pass(turn, loop, call, probe);
    }
  }

  private pass(turn: Turn, loop: TurnLoop, call: string, probe: Probe): void {
    if (turn.id === probe.turn) {
      // The turn may have done with the call since it asked; then what waits for it is served soon.
      if (turn.question?.round === probe.round && turn.waitsFor.some((open) => open.call === probe.via))
        this.refuse(loop, call, probe);
      return;
    }
    const mark = `${probe.turn} ${probe.round} ${turn.id}`;
    // Only one of the two is to hear of the circle.
    if ((turn.id > probe.turn && this.asksItself(turn)) || probe.path.length >= MAX_PROBE_PATH || this.passed.has(mark))
      return;
    this.passed.add(mark);
    const path = [...probe.path, turn.request.target.path];
    for (const open of turn.waitsFor) this.parts.router.follow(open, { ...probe, path });
  }

  /** At about this time: one that has waited for long asks seldom, and one that keeps nobody waiting does not ask. */
  private asksItself(turn: Turn): boolean {
    const [newest] = keepsWaiting(turn) ? turn.waitsFor : NO_CALLS;
    return newest !== undefined && turn.question?.isAskedAbout(newest.call, this.lookedAt) !== false;
  }

  private refuse(loop: TurnLoop, call: string, { path }: Probe): void {
    const waiting = loop.takeOut(call);
    const queued = waiting === undefined ? loop.queued(call) : undefined;
    const request = waiting ?? queued?.request;
    if (request === undefined) return;
    const { target, method } = request;
    const circle = describeCircle([...path, target.path]);
    this.found++;
    this.parts.events.record('deadlock', { actor: target.path, call, circle });
    const message = `The call ${method} of ${target.path} waits for actors that wait for it: ${circle}`;
    const error = new MoonpoolError('CALL_DEADLOCK', { message, remedy: CALL_IN_ONE_ORDER });
    if (queued === undefined) request.reply.error(error);
    else queued.behind?.refuse(error);
  }
}

/** Others wait until it has ended: in the mailbox, or behind it with the same key. */
function keepsWaiting({ loop, followers }: Turn): boolean {
  return loop.waiting > 0 || followers > 0;
}
