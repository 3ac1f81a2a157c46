import type { TimelineEvent } from '../../timeline/timeline';
import { textField, type HistoryInvariant } from '../history/history-invariant';

/** How many calls are known at a time. */
const MOST_CALLS = 10_000;

/** What is known of a call. */
interface KnownCall {
  isOpen: boolean;
  /** How the turn that it started ended; undefined while there is none. */
  turn: 'running' | 'ok' | 'error' | undefined;
  /** Its caller learned that no turn ran, and none will. */
  isDenied: boolean;
}

/**
 * Each call has one ending and at most one turn, or, by its key, the answer of another one's. Nothing runs that nobody called; no caller is answered by a turn that did
 * not end so; and where a caller learned that its call was not executed, no turn has run, and none runs later.
 */
export class Correlation implements HistoryInvariant {
  readonly name = 'correlation';
  readonly after = ['call', 'call-end', 'send', 'turn-start', 'turn-end', 'answer-recalled'] as const;
  private readonly calls = new Map<string, KnownCall>();
  /** True once a call was let go of whose turn may still come. */
  private hasForgotten = false;

  observe(event: TimelineEvent): string | undefined {
    // A tick of a timer is nobody's call.
    if (event.fields['timer'] !== undefined) return undefined;
    const id = textField(event, 'call');
    const call = this.calls.get(id);
    switch (event.name) {
      case 'call':
      case 'send':
        if (call !== undefined) return `the call ${id} was begun twice`;
        this.calls.set(id, { isOpen: event.name === 'call', turn: undefined, isDenied: false });
        return undefined;
      case 'turn-start':
        return call === undefined && this.hasForgotten ? undefined : startTurn(id, call);
      case 'answer-recalled':
        // Its caller may have given it up long ago, or learned that it had no turn, which is true.
        if (call === undefined) return undefined;
        if (call.turn !== undefined) return `the call ${id} had a turn, and was answered for another one of its key`;
        return this.endTurn(id, call, event);
      case 'turn-end':
        return call === undefined ? undefined : this.endTurn(id, call, event);
      case 'call-end':
        return this.endCall(id, call, event);
      default:
        return undefined;
    }
  }

  private endTurn(id: string, call: KnownCall, { fields }: TimelineEvent): undefined {
    call.turn = fields['outcome'] === 'ok' ? 'ok' : 'error';
    if (!call.isOpen) this.calls.delete(id);
  }

  private endCall(id: string, call: KnownCall | undefined, event: TimelineEvent): string | undefined {
    if (call === undefined && this.hasForgotten) return undefined;
    const wrong = endCall(id, call, event);
    // What is over, or must not run any more, would be found just as well if nothing were known of it.
    if (call?.isDenied === true || (call !== undefined && call.turn !== undefined && call.turn !== 'running'))
      this.calls.delete(id);
    if (this.calls.size > MOST_CALLS) this.forgetOldest();
    return wrong;
  }

  /** A call that got no answer may have a turn yet, or never: those that have waited longest are let go of. */
  private forgetOldest(): void {
    for (const [id, { isOpen }] of this.calls) {
      if (isOpen) continue;
      this.calls.delete(id);
      this.hasForgotten = true;
      return;
    }
  }
}

function startTurn(id: string, call: KnownCall | undefined): string | undefined {
  if (call === undefined) return `a turn began for the call ${id}, which nobody made, or which is over`;
  if (call.turn !== undefined) return `a second turn began for the call ${id}`;
  call.turn = 'running';
  return undefined;
}

function endCall(id: string, call: KnownCall | undefined, { fields }: TimelineEvent): string | undefined {
  if (call === undefined) return `the call ${id} ended, which nobody made, or which is over`;
  if (!call.isOpen) return `the call ${id} ended twice`;
  call.isOpen = false;
  // A mailbox has the message; its turn comes when it comes.
  if (fields['outcome'] === 'taken') return undefined;
  if (fields['outcome'] === 'ok')
    return call.turn === 'ok'
      ? undefined
      : `the call ${id} was answered, and its turn ${call.turn === undefined ? 'never began' : `is '${call.turn}'`}`;
  call.isDenied = fields['executed'] === 'no';
  return call.isDenied && call.turn !== undefined
    ? `the caller of ${id} learned that it was not executed, and a turn had begun`
    : undefined;
}
