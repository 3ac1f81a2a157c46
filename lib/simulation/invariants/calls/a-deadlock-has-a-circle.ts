import type { TimelineEvent } from '../../timeline/timeline';
import { textField, type HistoryInvariant } from '../history/history-invariant';

/** For so long a turn or a call that has ended may have been part of a circle that is found now: probes take their time. */
const RECENT_MS = 10_000;

interface KnownTurn {
  readonly actor: string;
  readonly life: string;
  readonly isHook: boolean;
  /** The calls that it has made, by their ids, with the actors that were called. */
  readonly calls: Map<string, KnownCall>;
  endedAt: number;
}

interface KnownCall {
  readonly actor: string;
  readonly turn: string;
  endedAt: number;
}

/**
 * A call is refused because it waits for itself only if it does: from the actor that was called, a way of turns that keep others
 * waiting and of calls that they wait for leads back to the turn that called.
 */
export class ADeadlockHasACircle implements HistoryInvariant {
  readonly name = 'a deadlock has a circle';
  readonly after = ['turn-start', 'turn-end', 'call', 'call-end', 'deadlock', 'death'] as const;
  private readonly turns = new Map<string, KnownTurn>();
  private readonly turnsOfActor = new Map<string, Set<string>>();
  private readonly calls = new Map<string, KnownCall>();
  /** What has ended, the oldest first, until it cannot be part of any circle any more. */
  private ended: { readonly at: number; readonly forget: () => void }[] = [];

  observe(event: TimelineEvent): string | undefined {
    switch (event.name) {
      case 'turn-start':
        this.onTurn(event);
        return undefined;
      case 'call':
        this.onCall(event);
        return undefined;
      case 'turn-end':
        this.endTurn(turnOf(event), event.at);
        return undefined;
      case 'call-end':
        this.endCall(textField(event, 'call'), event.at);
        return undefined;
      case 'death':
        for (const [id, { life }] of this.turns) if (life === lifeOf(event)) this.endTurn(id, event.at);
        return undefined;
      default:
        return this.onDeadlock(event);
    }
  }

  private onTurn(event: TimelineEvent): void {
    const [id, actor] = [turnOf(event), textField(event, 'actor')];
    this.turns.set(id, {
      actor,
      life: lifeOf(event),
      isHook: false,
      calls: new Map(),
      endedAt: Number.POSITIVE_INFINITY,
    });
    this.turnsOfActor.set(actor, (this.turnsOfActor.get(actor) ?? new Set()).add(id));
  }

  private onCall(event: TimelineEvent): void {
    this.forgetOld(event.at);
    const turn = textField(event, 'turn');
    const caller = this.turns.get(turn) ?? this.hookOf(event);
    if (caller === undefined) return;
    const call: KnownCall = { actor: textField(event, 'actor'), turn, endedAt: Number.POSITIVE_INFINITY };
    caller.calls.set(textField(event, 'call'), call);
    this.calls.set(textField(event, 'call'), call);
  }

  /** The turn of a hook, or of a constructor, is taken down by nobody: its calls say that it is there, and whose it is. */
  private hookOf(event: TimelineEvent): KnownTurn | undefined {
    const [id, actor] = [textField(event, 'turn'), textField(event, 'by')];
    if (id === '' || actor === '') return undefined;
    const hook: KnownTurn = {
      actor,
      life: lifeOf(event),
      isHook: true,
      calls: new Map(),
      endedAt: Number.POSITIVE_INFINITY,
    };
    this.turns.set(id, hook);
    this.turnsOfActor.set(actor, (this.turnsOfActor.get(actor) ?? new Set()).add(id));
    return hook;
  }

  private onDeadlock(event: TimelineEvent): string | undefined {
    const call = this.calls.get(textField(event, 'call'));
    const turn = call?.turn ?? textField(event, 'turn');
    // That of a hook which has made no call before.
    if (!this.turns.has(turn)) return undefined;
    const actor = textField(event, 'actor');
    return this.leadsTo(turn, actor, event.at - RECENT_MS)
      ? undefined
      : `a call of the turn ${turn} to ${actor} was refused because it waits for itself, and it does not: ${textField(event, 'circle')}`;
  }

  private leadsTo(wanted: string, from: string, since: number): boolean {
    const seen = new Set<string>();
    const waiting = [from];
    for (let actor = waiting.pop(); actor !== undefined; actor = waiting.pop()) {
      if (seen.has(actor)) continue;
      seen.add(actor);
      for (const id of this.turnsOfActor.get(actor) ?? []) {
        const turn = this.turns.get(id);
        if (turn === undefined || turn.endedAt < since) continue;
        if (id === wanted) return true;
        for (const call of turn.calls.values()) if (call.endedAt >= since) waiting.push(call.actor);
      }
    }
    return false;
  }

  private endTurn(id: string, at: number): void {
    const turn = this.turns.get(id);
    if (turn === undefined || turn.endedAt <= at) return;
    turn.endedAt = at;
    this.ended.push({ at, forget: () => this.forgetTurn(id, turn) });
  }

  private endCall(id: string, at: number): void {
    const call = this.calls.get(id);
    if (call === undefined) return;
    call.endedAt = at;
    this.ended.push({
      at,
      forget: () => {
        this.calls.delete(id);
        const turn = this.turns.get(call.turn);
        turn?.calls.delete(id);
        // Of a hook nobody says when it ends; without calls it keeps nobody waiting for anybody.
        if (turn?.isHook === true && turn.calls.size === 0) this.forgetTurn(call.turn, turn);
      },
    });
  }

  private forgetTurn(id: string, { actor, calls }: KnownTurn): void {
    this.turns.delete(id);
    for (const call of calls.keys()) this.calls.delete(call);
    const others = this.turnsOfActor.get(actor);
    others?.delete(id);
    if (others?.size === 0) this.turnsOfActor.delete(actor);
  }

  private forgetOld(now: number): void {
    let old = 0;
    while (old < this.ended.length && (this.ended[old]?.at ?? now) < now - RECENT_MS) this.ended[old++]?.forget();
    if (old > 0) this.ended = this.ended.slice(old);
  }
}

function turnOf(event: TimelineEvent): string {
  return `${textField(event, 'activation')}/${textField(event, 'turn')}`;
}

function lifeOf({ node, generation }: TimelineEvent): string {
  return `${node}.${generation}`;
}
