import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, textField, type HistoryInvariant } from '../history/history-invariant';
import type { LeaseLook } from '../activations/single-activation';

/** As much as a clock of a node and that of the world differ over a lease: they run at most 1 in 1,000 apart. */
const DRIFT = 0.002;

/** How much of its lease a node serves: it stops a fifth before the end, so that it has surely stopped when others take over. */
const SERVED = 0.8;

interface LeaseOfLife {
  readonly life: string;
  readonly node: string;
  readonly generation: number;
  /** Until when the life may serve at most, in virtual time. */
  servesUntil: number;
}

/**
 * Leases and deaths agree: nobody is declared dead who holds its lease by its own clock, nobody begins turns, writes or answers others longer
 * than its last renewal allows, and nobody gives its lease up before that. How long a renewal counts is reckoned here from the moment at which it
 * was asked for, and not from what the node makes of it.
 */
export class LeasesAndDeaths implements HistoryInvariant {
  readonly name = 'leases and deaths';
  readonly after = [
    'lease-renewed',
    'lease-lost',
    'member-dead',
    'turn-start',
    'turn-end',
    'persist',
    'call-end',
    'death',
    'clock-rate',
  ] as const;
  /** The calls whose turns have ended after the leases of their lives, which may not be answered elsewhere. */
  private readonly tooLate = new Map<string, LeaseOfLife>();
  private readonly byNode = new Map<string, LeaseOfLife>();
  private readonly byLife = new Map<string, LeaseOfLife>();
  /** A clock runs faster or slower than clocks may: then nothing is promised. */
  private areClocksOff = false;

  /** @param holdsLease looks into the running nodes. @param ttlMs how long a lease lasts. */
  constructor(
    private readonly holdsLease: LeaseLook,
    private readonly ttlMs: number,
  ) {}

  observe(event: TimelineEvent): string | undefined {
    switch (event.name) {
      case 'clock-rate':
        this.areClocksOff = true;
        return undefined;
      case 'lease-renewed':
        this.onRenewed(event);
        return undefined;
      case 'death':
        this.forget(event);
        return undefined;
      default:
        return this.areClocksOff ? undefined : this.judge(event);
    }
  }

  private judge(event: TimelineEvent): string | undefined {
    if (event.name === 'member-dead') return this.onDead(event);
    if (event.name === 'call-end') return this.onAnswered(event);
    const lease = this.byLife.get(lifeOf(event));
    if (lease === undefined) return undefined;
    if (event.name === 'lease-lost') return this.onLost(event, lease);
    const lateMs = event.at - lease.servesUntil;
    return lateMs > this.toleranceMs ? this.onLate(event, lease, lateMs) : undefined;
  }

  private onRenewed(event: TimelineEvent): void {
    const id = textField(event, 'node');
    const { node, generation } = event;
    const lease = this.byLife.get(lifeOf(event)) ?? { life: lifeOf(event), node, generation, servesUntil: 0 };
    lease.servesUntil = Math.max(lease.servesUntil, event.at - numberField(event, 'askedMsAgo') + SERVED * this.ttlMs);
    this.byLife.set(lease.life, lease);
    this.byNode.set(id, lease);
    // What it had to keep back while it had none may leave now.
    for (const [call, of] of this.tooLate) if (of === lease) this.tooLate.delete(call);
  }

  private onDead(event: TimelineEvent): string | undefined {
    const id = textField(event, 'node');
    const lease = this.byNode.get(id);
    if (lease === undefined || !this.holdsLease(lease.node, lease.generation)) return undefined;
    return `${event.node} takes ${id} for dead, which holds its lease`;
  }

  private onLost(event: TimelineEvent, { servesUntil }: LeaseOfLife): string | undefined {
    // Whom the cluster has declared dead, or whose store is gone, gives up at once.
    if (event.fields['ranOut'] !== true) return undefined;
    const earlyMs = servesUntil - event.at;
    return earlyMs > this.toleranceMs
      ? `${textField(event, 'node')} gave its lease up ${earlyMs} ms before its end`
      : undefined;
  }

  private onLate(event: TimelineEvent, lease: LeaseOfLife, lateMs: number): string | undefined {
    const { name, fields } = event;
    if (name === 'turn-end') {
      if (fields['call'] !== undefined) this.tooLate.set(textField(event, 'call'), lease);
      return undefined;
    }
    const what = name === 'persist' ? 'a write' : 'a turn';
    return `${what} of ${textField(event, 'actor')} began ${lateMs} ms after the end of the lease`;
  }

  private onAnswered({ node, fields }: TimelineEvent): string | undefined {
    const lease = this.tooLate.size === 0 ? undefined : this.tooLate.get(String(fields['call']));
    if (lease === undefined) return undefined;
    this.tooLate.delete(String(fields['call']));
    return fields['outcome'] === 'ok' && node !== lease.node
      ? `the call ${String(fields['call'])} was answered by a turn of ${lease.life} that ended after its lease`
      : undefined;
  }

  private get toleranceMs(): number {
    return DRIFT * this.ttlMs;
  }

  private forget(event: TimelineEvent): void {
    const lease = this.byLife.get(lifeOf(event));
    this.byLife.delete(lifeOf(event));
    for (const [id, known] of this.byNode) if (known === lease) this.byNode.delete(id);
  }
}

function lifeOf({ node, generation }: TimelineEvent): string {
  return `${node}.${generation}`;
}
