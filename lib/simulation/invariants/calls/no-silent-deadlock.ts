import type { TimelineEvent } from '../../timeline/timeline';
import { textField, type HistoryInvariant } from '../history/history-invariant';

/** A circle that is younger than this may be one that nobody could see yet: its calls were under way, or a network was parted. */
const SEEN_WITHIN_MS = 10_000;

interface OpenTurn {
  readonly actor: string;
  readonly life: string;
  readonly since: number;
  /** The calls that it has made and that have not ended. */
  readonly calls: Map<string, OpenCall>;
}

interface OpenCall {
  readonly actor: string;
  readonly turn: string;
  readonly since: number;
}

/**
 * No call waits for its timeout because it waits for itself: at the end of one that does, the turns that kept it waiting, and what
 * they waited for in turn, must not lead back to the turn that made it.
 */
export class NoSilentDeadlock implements HistoryInvariant {
  readonly name = 'no silent deadlock';
  readonly after = ['turn-start', 'turn-end', 'call', 'call-end', 'death'] as const;
  /** The turns under way, by the ids that calls name them by. */
  private readonly turns = new Map<string, OpenTurn>();
  private readonly turnsOfActor = new Map<string, Set<string>>();
  /** The turn of each call that has begun. */
  private readonly turnOfCall = new Map<string, string>();
  /** Calls made from turns. */
  private readonly calls = new Map<string, OpenCall>();

  observe(event: TimelineEvent): string | undefined {
    switch (event.name) {
      case 'turn-start':
        this.onTurn(event);
        return undefined;
      case 'turn-end':
        this.forget(turnOf(event));
        this.turnOfCall.delete(textField(event, 'call'));
        return undefined;
      case 'call':
        this.onCall(event);
        return undefined;
      case 'call-end':
        return this.onEnd(event);
      default:
        for (const [turn, { life }] of this.turns) if (life === lifeOf(event)) this.forget(turn);
        return undefined;
    }
  }

  private onTurn(event: TimelineEvent): void {
    const [turn, actor] = [turnOf(event), textField(event, 'actor')];
    this.turns.set(turn, { actor, life: lifeOf(event), since: event.at, calls: new Map() });
    if (event.fields['call'] !== undefined) this.turnOfCall.set(textField(event, 'call'), turn);
    // Turns that interleave with all others keep nobody waiting but their own caller.
    if (event.fields['mode'] === 'interleaved') return;
    this.turnsOfActor.set(actor, (this.turnsOfActor.get(actor) ?? new Set()).add(turn));
  }

  private onCall(event: TimelineEvent): void {
    const turn = textField(event, 'turn');
    const caller = this.turns.get(turn);
    if (caller === undefined) return;
    const call = { actor: textField(event, 'actor'), turn, since: event.at };
    caller.calls.set(textField(event, 'call'), call);
    this.calls.set(textField(event, 'call'), call);
  }

  private onEnd(event: TimelineEvent): string | undefined {
    const id = textField(event, 'call');
    const call = this.calls.get(id);
    if (call === undefined) return undefined;
    const circle =
      event.fields['error'] === 'CALL_TIMEOUT' ? this.wayBack(id, call, event.at - SEEN_WITHIN_MS) : undefined;
    this.calls.delete(id);
    this.turns.get(call.turn)?.calls.delete(id);
    return circle === undefined
      ? undefined
      : `the call ${id} has waited for itself until its deadline: ${circle.join(' -> ')}`;
  }

  /** The actors along which the call waits for the turn that made it, since that moment at least. */
  private wayBack(id: string, call: OpenCall, since: number): readonly string[] | undefined {
    const seen = new Set<string>();
    const search = (
      callId: string,
      { actor, since: made }: OpenCall,
      path: readonly string[],
    ): readonly string[] | undefined => {
      if (made > since) return undefined;
      const own = this.turnOfCall.get(callId);
      for (const turnId of own === undefined ? (this.turnsOfActor.get(actor) ?? []) : [own]) {
        const turn = this.turns.get(turnId);
        if (turn === undefined || turn.since > since || seen.has(turnId)) continue;
        const further = [...path, actor];
        if (turnId === call.turn) return further;
        seen.add(turnId);
        for (const [nextId, next] of turn.calls) {
          const found = search(nextId, next, further);
          if (found !== undefined) return found;
        }
      }
      return undefined;
    };
    return search(id, call, [this.turns.get(call.turn)?.actor ?? '']);
  }

  private forget(turn: string): void {
    const actor = this.turns.get(turn)?.actor ?? '';
    this.turns.delete(turn);
    const others = this.turnsOfActor.get(actor);
    others?.delete(turn);
    if (others?.size === 0) this.turnsOfActor.delete(actor);
  }
}

function turnOf(event: TimelineEvent): string {
  return `${textField(event, 'activation')}/${textField(event, 'turn')}`;
}

function lifeOf({ node, generation }: TimelineEvent): string {
  return `${node}.${generation}`;
}
