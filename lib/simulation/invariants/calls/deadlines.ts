import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, textField, type HistoryInvariant } from '../history/history-invariant';

/** How much later than its deadline a call may end: as much as times in floating point differ. */
const ROUNDING_MS = 0.01;

/** A call that is open for so much longer than it may be was forgotten: clocks run at most 1 in 1,000 slower. */
const FORGOTTEN_MS = 1_000;

/** By how much two clocks may part, and since when at most: a clock that was read longer ago is read again. */
const DRIFT = 0.002;
const MEASURE_MS = 60_000;

interface OpenCall {
  readonly life: string;
  readonly since: number;
  readonly remainingMs: number;
}

/**
 * No turn begins after the deadline of its call, a call made from a turn has no later deadline than the turn, and a call ends by
 * its deadline: each by the clock of its node, and the last unless its process stood still meanwhile. The node of an actor must also
 * know the deadline as the caller has it, whatever lies between them.
 */
export class Deadlines implements HistoryInvariant {
  readonly name = 'deadlines';
  readonly after = ['turn-start', 'call', 'call-end', 'pause', 'resume', 'clock-rate', 'death'] as const;
  /** The calls that have not ended, the oldest first. */
  private readonly open = new Map<string, OpenCall>();
  /** All of them, whether they have ended or not: a turn may begin afterwards. */
  private readonly madeCalls = new Map<string, OpenCall>();
  /** A clock runs faster or slower than clocks may. */
  private areClocksOff = false;
  /** When something last kept the processes of a node from being in time. */
  private readonly disturbedAt = new Map<string, number>();

  observe(event: TimelineEvent): string | undefined {
    switch (event.name) {
      case 'turn-start':
        return this.onStart(event) ?? this.onTurn(event);
      case 'call':
        return this.onStart(event) ?? this.onCall(event);
      case 'call-end':
        return this.onEnd(event);
      case 'death':
        for (const [id, { life }] of this.open) if (life === lifeOf(event)) this.open.delete(id);
        return undefined;
      case 'clock-rate':
        this.areClocksOff = true;
        this.noteDisturbance(event);
        return undefined;
      default:
        this.noteDisturbance(event);
        return undefined;
    }
  }

  private noteDisturbance(event: TimelineEvent): void {
    this.disturbedAt.set(event.node === '' ? textField(event, 'node') : event.node, event.at);
  }

  /** The caller's clock decides; the node of the actor knows it as well as clocks keep together. */
  private onTurn(event: TimelineEvent): string | undefined {
    const id = textField(event, 'call');
    const call = this.madeCalls.get(id);
    if (call === undefined) return undefined;
    this.madeCalls.delete(id);
    const lateMs = event.at - call.since - call.remainingMs - DRIFT * (call.remainingMs + MEASURE_MS);
    if (lateMs <= 0 || this.areClocksOff) return undefined;
    return `a turn began for the call ${id} of ${textField(event, 'actor')}, ${event.at - call.since - call.remainingMs} ms after the deadline of its caller`;
  }

  private onCall(event: TimelineEvent): string | undefined {
    const made = { life: lifeOf(event), since: event.at, remainingMs: numberField(event, 'remainingMs') };
    this.open.set(textField(event, 'call'), made);
    this.madeCalls.set(textField(event, 'call'), made);
    // Most calls have the same time, so the oldest shows whether any is forgotten.
    for (const [id, { life, since, remainingMs }] of this.open) {
      const lateMs = event.at - since - Math.max(0, remainingMs);
      const isForgotten = lateMs > FORGOTTEN_MS && !this.wasDisturbed(life, since);
      return isForgotten ? `the call ${id} has not ended ${lateMs} ms after its deadline` : undefined;
    }
    return undefined;
  }

  private onEnd(event: TimelineEvent): string | undefined {
    const id = textField(event, 'call');
    const call = this.open.get(id);
    this.open.delete(id);
    if (call === undefined || this.wasDisturbed(call.life, call.since)) return undefined;
    // A turn that goes on behind its deadline may still call; such a call has to end at once.
    const lateMs = call.remainingMs < 0 ? event.at - call.since : -numberField(event, 'remainingMs');
    return lateMs > ROUNDING_MS
      ? `the call ${id} of ${textField(event, 'actor')} ended ${lateMs} ms after its deadline`
      : undefined;
  }

  private wasDisturbed(life: string, since: number): boolean {
    return (this.disturbedAt.get(life.slice(0, life.lastIndexOf('.'))) ?? Number.NEGATIVE_INFINITY) >= since;
  }

  private onStart(event: TimelineEvent): string | undefined {
    const { fields } = event;
    if (fields['remainingMs'] === undefined) return undefined;
    const remaining = numberField(event, 'remainingMs');
    const what = `the call ${textField(event, 'call')} of ${textField(event, 'actor')}`;
    if (event.name === 'turn-start')
      return remaining > 0 ? undefined : `a turn began for ${what}, ${-remaining} ms after its deadline`;
    if (fields['parentRemainingMs'] === undefined) return undefined;
    const parent = numberField(event, 'parentRemainingMs');
    return remaining <= parent
      ? undefined
      : `${what} may take ${remaining} ms, and the turn that waits for it ends in ${parent} ms`;
  }
}

function lifeOf({ node, generation }: TimelineEvent): string {
  return `${node}.${generation}`;
}
