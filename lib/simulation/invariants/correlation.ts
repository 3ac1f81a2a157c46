import type { TimelineEvent } from '../engine/timeline';
import { textField, type HistoryInvariant } from './history-invariant';

/** How long an ended call is remembered, in milliseconds of virtual time: longer than anything of it can be on its way. */
const MEMORY_MS = 300_000;

/** What is known of a call. */
interface KnownCall {
  isOpen: boolean;
  /** How the turn that it started ended; undefined while there is none. */
  turn: 'running' | 'ok' | 'error' | undefined;
  /** Its caller was told that no turn ran, and none will. */
  isDenied: boolean;
}

/**
 * Each call has one ending and at most one turn. Nothing runs that nobody called; no caller is answered by a turn that did
 * not end so; and where a caller was told that its call was not executed, no turn has run, and none runs later.
 */
export class Correlation implements HistoryInvariant {
  readonly name = 'correlation';
  readonly after = ['call', 'call-end', 'send', 'turn-start', 'turn-end'];
  private readonly calls = new Map<string, KnownCall>();
  /** The calls that were begun, oldest first, and when. */
  private readonly begun: { readonly id: string; readonly at: number }[] = [];
  private forgotten = 0;

  observe(event: TimelineEvent): string | undefined {
    const id = textField(event, 'call');
    const call = this.calls.get(id);
    switch (event.name) {
      case 'call':
      case 'send':
        if (call !== undefined) return `the call ${id} was begun twice`;
        this.calls.set(id, { isOpen: event.name === 'call', turn: undefined, isDenied: false });
        this.begun.push({ id, at: event.at });
        this.forgetBefore(event.at - MEMORY_MS);
        return undefined;
      case 'turn-start':
        return startTurn(id, call);
      case 'turn-end':
        if (call !== undefined) call.turn = event.fields['outcome'] === 'ok' ? 'ok' : 'error';
        return undefined;
      case 'call-end':
        return endCall(id, call, event);
      default:
        return undefined;
    }
  }

  private forgetBefore(time: number): void {
    for (let oldest = this.begun[this.forgotten]; oldest !== undefined && oldest.at < time; oldest = this.begun[this.forgotten]) {
      // One that is still open is remembered until it ends.
      if (this.calls.get(oldest.id)?.isOpen === true) return;
      this.calls.delete(oldest.id);
      this.forgotten++;
    }
    // Taking each out of the front by itself would move all the others each time.
    if (this.forgotten < 100) return;
    this.begun.splice(0, this.forgotten);
    this.forgotten = 0;
  }
}

function startTurn(id: string, call: KnownCall | undefined): string | undefined {
  if (call === undefined) return `a turn began for the call ${id}, which nobody made`;
  if (call.isDenied) return `a turn began for the call ${id}, whose caller had been told that it was not executed`;
  if (call.turn !== undefined) return `a second turn began for the call ${id}`;
  call.turn = 'running';
  return undefined;
}

function endCall(id: string, call: KnownCall | undefined, { fields }: TimelineEvent): string | undefined {
  if (call === undefined) return `the call ${id} ended, and nobody had made it`;
  if (!call.isOpen) return `the call ${id} ended twice`;
  call.isOpen = false;
  if (fields['outcome'] === 'ok') return call.turn === 'ok' ? undefined : `the call ${id} was answered, and its turn ${call.turn === undefined ? 'never began' : `is '${call.turn}'`}`;
  call.isDenied = fields['executed'] === 'no';
  return call.isDenied && call.turn !== undefined ? `the caller of ${id} was told that it was not executed, and a turn had begun` : undefined;
}
