import { isOfNode, RefusalReason, type TurnRefusal } from '../calls/turn-refusal';
import type { Call } from '../calls/call';
import type { PacketConnection } from '../connection/packet-connection';
import type { TimeProvider } from '../providers/time-provider';

/** How much more is asked of whoever refuses than it answers: enough to notice at once that it can do more. */
const BOLDNESS = 1.2;
/** For how long answers are counted before their rate is believed, in milliseconds. */
const WINDOW_MS = 200;
/** After how long without a refusal there is none to expect, in milliseconds. */
const FORGIVEN_AFTER_MS = 1_000;
/** How much may be asked at once by whoever has asked little, in milliseconds of the rate. */
const BURST_MS = 50;
/** However little is answered, so much is asked, in calls a millisecond. */
const LEAST_RATE = 0.02;
/** Of how many actors it is known that they refuse. */
const CAPACITY = 10_000;

/** Who refuses: an actor by its path, or whoever is at the other end of a connection. */
type Place = string | PacketConnection;

/** How fast a place that refuses is asked. */
class Pace {
  /** Answers in a millisecond; undefined until they were counted for a while. */
  private rate: number | undefined;
  private answered = 0;
  private countedSince: number;
  private allowed = 0;
  private allowedAt: number;
  private refusedAt: number;

  constructor(
    public refusal: TurnRefusal,
    now: number,
  ) {
    this.countedSince = now;
    this.allowedAt = now;
    this.refusedAt = now;
  }

  onAnswer(): void {
    this.answered++;
  }

  onRefusal(refusal: TurnRefusal, now: number): void {
    this.refusal = refusal;
    this.refusedAt = now;
  }

  isForgiven(now: number): boolean {
    return now - this.refusedAt > FORGIVEN_AFTER_MS;
  }

  /** Takes one call of what may be asked now; false when nothing may. */
  take(now: number): boolean {
    this.count(now);
    const { rate } = this;
    if (rate === undefined) return true;
    const perMs = Math.max(LEAST_RATE, rate * BOLDNESS);
    this.allowed = Math.min(this.allowed + (now - this.allowedAt) * perMs, Math.max(1, perMs * BURST_MS));
    this.allowedAt = now;
    if (this.allowed < 1) return false;
    this.allowed--;
    return true;
  }

  private count(now: number): void {
    const elapsedMs = now - this.countedSince;
    if (elapsedMs < WINDOW_MS) return;
    const rate = this.answered / elapsedMs;
    this.rate = this.rate === undefined ? rate : (this.rate + rate) / 2;
    this.answered = 0;
    this.countedSince = now;
  }
}

/**
 * Holds calls back that would most likely be refused: whoever refuses calls is asked a little more than it answers, and the rest
 * ends at once. So a process that wants more of a node than that can do spends neither its own time nor that of the node on it.
 * After "Handling overload" in "Site reliability engineering" (2016), by rates in place of chances.
 */
export class Restraint {
  /** How many calls were held back. */
  heldBack = 0;
  private readonly paces = new Map<Place, Pace>();

  constructor(private readonly time: TimeProvider) {}

  /** Refuses the call if it should not be sent by the connection now. Returns whether it was refused. */
  holdsBack(call: Call, connection: PacketConnection): boolean {
    // What a turn waits for has been taken already, and one-way messages have nobody who could be told.
    if (this.paces.size === 0 || call.isOneWay || call.chain.length > 0) return false;
    const now = this.time.now();
    const refusal = this.held(connection, now) ?? this.held(call.target.path, now);
    if (refusal === undefined) return false;
    this.heldBack++;
    call.refuse(refusal);
    return true;
  }

  /** The call was answered, or its handler failed. */
  onAnswer({ target }: Call, connection: PacketConnection): void {
    if (this.paces.size === 0) return;
    this.paces.get(connection)?.onAnswer();
    this.paces.get(target.path)?.onAnswer();
  }

  onRefusal({ target }: Call, connection: PacketConnection, refusal: TurnRefusal): void {
    const now = this.time.now();
    const place = isOfNode(refusal) || refusal.reason === RefusalReason.late ? connection : target.path;
    const pace = this.paces.get(place);
    if (pace !== undefined) pace.onRefusal(refusal, now);
    else if (this.paces.size < CAPACITY) this.paces.set(place, new Pace(refusal, now));
    else this.forgive(now);
  }

  /** The connection is gone. */
  forget(connection: PacketConnection): void {
    this.paces.delete(connection);
  }

  private held(place: Place, now: number): TurnRefusal | undefined {
    const pace = this.paces.get(place);
    if (pace === undefined) return undefined;
    if (pace.isForgiven(now)) this.paces.delete(place);
    else if (!pace.take(now)) return pace.refusal;
    return undefined;
  }

  private forgive(now: number): void {
    for (const [place, pace] of this.paces) if (pace.isForgiven(now)) this.paces.delete(place);
  }
}
