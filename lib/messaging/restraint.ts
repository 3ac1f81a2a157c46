import { isOfNode, RefusalReason, type TurnRefusal } from '../calls/turn-refusal';
import type { Call } from '../calls/call';
import type { PacketConnection } from '../connection/packet-connection';
import type { TimeProvider } from '../providers/time-provider';

/** For each answer so many more calls may be sent: enough to notice at once that whoever refuses can do more, and twice as many while nothing was refused for a moment. */
const FOR_AN_ANSWER = { refused: 1.2, taken: 2 };
const MOMENT_MS = 100;
/** How many may be sent at first, to a node and to one actor, of which many may be busy at once. */
const AT_FIRST = { node: 1_000, actor: 10 };
/** However little is answered, so many are sent, in calls a millisecond. */
const LEAST_RATE = { node: 0.2, actor: 0.002 };
/** How many that were allowed may be saved: as many answers as come in a moment in which a process had much else to do. */
const AT_MOST = 20_000;
/** After how long without a refusal there is none to expect, in milliseconds. */
const FORGIVEN_AFTER_MS = 1_000;
/** A deadline that is noticed so much later, in milliseconds, is missed for what this process has to do, and not for want of an answer. */
const FAR_BEHIND_MS = 100;
/** Of how many actors it is known that they refuse. */
const CAPACITY = 10_000;

/** Who refuses: an actor by its path, or a node by its address, with a mark that no path has. */
type Place = string;

function nodeAt(address: string): Place {
  return `\n${address}`;
}

/** How many calls may be sent to a place that refuses. */
class Allowance {
  private countedAt: number;
  private refusedAt: number;

  /** How calls are refused that may not be sent. */
  refusal: TurnRefusal;

  constructor(
    private calls: number,
    private readonly leastRate: number,
    refusal: TurnRefusal,
    now: number,
  ) {
    this.refusal = forOthers(refusal);
    this.countedAt = now;
    this.refusedAt = now;
  }

  onAnswer(now: number): void {
    const more = now - this.refusedAt > MOMENT_MS ? FOR_AN_ANSWER.taken : FOR_AN_ANSWER.refused;
    this.calls = Math.min(this.calls + more, AT_MOST);
  }

  onRefusal(refusal: TurnRefusal, now: number): void {
    this.refusal = forOthers(refusal);
    this.refusedAt = now;
  }

  /** Nothing was refused, and nothing shows that it would not be. */
  stay(now: number): void {
    this.refusedAt = now;
  }

  isForgiven(now: number): boolean {
    return now - this.refusedAt > FORGIVEN_AFTER_MS;
  }

  /** Takes one call of those that may be sent; false when none may. */
  take(now: number): boolean {
    this.calls += (now - this.countedAt) * this.leastRate;
    this.countedAt = now;
    if (this.calls < 1) return false;
    this.calls--;
    return true;
  }
}

/** What one call has met with that came too late is, for those behind it, that there is too much to do. */
function forOthers({ reason, amount }: TurnRefusal): TurnRefusal {
  if (reason === RefusalReason.late) return { reason: RefusalReason.nodeBusy, amount };
  if (reason === RefusalReason.expired) return { reason: RefusalReason.actorBusy, amount };
  return { reason: reason === RefusalReason.dropped ? RefusalReason.mailboxFull : reason, amount };
}

function allowanceOf(kind: 'node' | 'actor', refusal: TurnRefusal, now: number): Allowance {
  return new Allowance(AT_FIRST[kind], LEAST_RATE[kind], refusal, now);
}

/**
 * Holds calls back that would most likely be refused: whoever refuses calls is asked a little more than it answers, and the rest
 * ends at once. So a process that wants more of a node than that can do spends neither its own time nor that of the node on it.
 * Answers that come in time are what allows calls, so a process that has no time to read its answers asks for fewer as well.
 * After "Handling overload" in "Site reliability engineering" (2016), with the answers as its clock.
 */
export class Restraint {
  /** How many calls were held back. */
  heldBack = 0;
  private readonly allowances = new Map<Place, Allowance>();
  private forgaveAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly time: TimeProvider) {}

  /** True while anybody refuses calls. */
  get isActive(): boolean {
    return this.allowances.size > 0;
  }

  /** How a call of the actor that would go to the address now is refused; undefined when it is to be sent, as one of those that may be. */
  refusalOf(path: string, address: string): TurnRefusal | undefined {
    const now = this.time.now();
    // Those that nobody calls any more would keep all other calls asking, for as long as the process lives.
    if (now - this.forgaveAt > FORGIVEN_AFTER_MS) this.forgive(now);
    const refusal = this.held(nodeAt(address), now) ?? this.held(path, now);
    if (refusal !== undefined) this.heldBack++;
    return refusal;
  }

  /** The call was answered, or its handler failed. */
  onAnswer({ target }: Call, { remote }: PacketConnection): void {
    if (!this.isActive) return;
    const now = this.time.now();
    if (remote !== undefined) this.allowances.get(nodeAt(remote.address))?.onAnswer(now);
    this.allowances.get(target.path)?.onAnswer(now);
  }

  /** @param call undefined when its caller has given it up meanwhile: then this process itself is late. */
  onRefusal(call: Call | undefined, { remote }: PacketConnection, refusal: TurnRefusal): void {
    if (remote === undefined) return;
    const now = this.time.now();
    const node = nodeAt(remote.address);
    const place =
      call === undefined || isOfNode(refusal) || refusal.reason === RefusalReason.late ? node : call.target.path;
    const allowance = this.allowances.get(place);
    if (allowance !== undefined) allowance.onRefusal(refusal, now);
    else if (this.allowances.size < CAPACITY)
      this.allowances.set(place, allowanceOf(place === node ? 'node' : 'actor', refusal, now));
    else this.forgive(now);
  }

  /**
   * A call that went by the connection has reached its deadline, which was noticed so much later. Some actors are slow, which is no
   * reason to hold anything back; but where calls were refused, it is none to believe that they no longer are.
   */
  onMissed(connection: PacketConnection, lateMs: number): void {
    const { remote } = connection;
    if (lateMs > FAR_BEHIND_MS)
      this.onRefusal(undefined, connection, { reason: RefusalReason.callerBusy, amount: lateMs });
    else if (this.isActive && remote !== undefined) this.allowances.get(nodeAt(remote.address))?.stay(this.time.now());
  }

  /** The connection is gone. */
  forget({ remote }: PacketConnection): void {
    if (remote !== undefined) this.allowances.delete(nodeAt(remote.address));
  }

  private held(place: Place, now: number): TurnRefusal | undefined {
    const allowance = this.allowances.get(place);
    if (allowance === undefined) return undefined;
    if (allowance.isForgiven(now)) this.allowances.delete(place);
    else if (!allowance.take(now)) return allowance.refusal;
    return undefined;
  }

  private forgive(now: number): void {
    this.forgaveAt = now;
    for (const [place, allowance] of this.allowances) if (allowance.isForgiven(now)) this.allowances.delete(place);
  }
}
