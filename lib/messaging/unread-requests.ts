import type { Lease } from '../cluster/lease';
import type { ArrivalGate, DeliveryPort } from '../calls/request';
import { RefusalReason, type TurnRefusal } from '../calls/turn-refusal';
import type { PacketConnection } from '../connection/packet-connection';
import type { LocalNode } from '../identity/local-node';
import type { RefusalLog } from '../observability/refusal-log';
import type { TimeProvider } from '../providers/time-provider';
import { ANY_INCARNATION, EnvelopeKind } from './envelope';
import { writeTurnRefusal } from './envelope-writer';
import { deadlineIn, outlineOf, type RequestOutline } from './request-outline';
import { tell } from './sent-messages';

/** A call that is later than this is not even told so: its caller has ended it long ago, whatever the clocks show. */
const FORGOTTEN_AFTER_MS = 2_000;

/** What the look at unread requests needs from its node. */
export interface UnreadRequestsParts {
  readonly local: LocalNode;
  readonly lease: Lease;
  readonly port: DeliveryPort;
  readonly time: TimeProvider;
  readonly refusals: RefusalLog;
}

/**
 * Requests of other nodes before they are read. One that is behind its deadline, or that would wait too long, is refused by what its
 * first bytes say: a node that is asked for more than it can do would otherwise do little else than read what it then refuses.
 */
export class UnreadRequests {
  /** How many came behind their deadlines. */
  late = 0;
  /** When it was looked at the last one, by the monotonic clock: whoever reads that one then need not ask again. */
  lookedAt = 0;

  constructor(private readonly parts: UnreadRequestsParts) {}

  /** Refuses the message if it is a request that is not to be taken. Returns whether it was refused. */
  refuse(payload: Buffer, from: PacketConnection): boolean {
    const { time, port } = this.parts;
    const shown = deadlineIn(payload);
    if (shown === undefined) return false;
    const deadline = from.clock.momentOf(shown);
    this.lookedAt = time.now();
    const lateMs = this.lookedAt - deadline;
    if (lateMs >= 0) return this.refuseLate(payload, from, lateMs);
    const gate = port.busyGate;
    if (gate === undefined) return false;
    const outline = outlineOf(payload, deadline);
    const refusal = outline === undefined ? undefined : this.refusalOf(outline, gate);
    if (outline === undefined || refusal === undefined) return false;
    this.answer(outline, from, refusal);
    return true;
  }

  private refuseLate(payload: Buffer, from: PacketConnection, lateMs: number): boolean {
    const outline = outlineOf(payload, 0);
    if (outline === undefined) return false;
    this.late++;
    const isForgotten = lateMs > FORGOTTEN_AFTER_MS && outline.kind === EnvelopeKind.request;
    if (!isForgotten) this.answer(outline, from, { reason: RefusalReason.late, amount: lateMs });
    return true;
  }

  /** What is meant for another node, or cannot be served by this one at present, is rejected by others, who know where it belongs. */
  private refusalOf(
    { kind, incarnation, deadline, target, isNested }: RequestOutline,
    gate: ArrivalGate,
  ): TurnRefusal | undefined {
    const { local, lease } = this.parts;
    const isMeant = incarnation === ANY_INCARNATION || incarnation === local.node.incarnation;
    return isMeant && lease.held
      ? gate.refusalOf(target, { deadline, isNested, isOneWay: kind === EnvelopeKind.oneWay })
      : undefined;
  }

  private answer({ kind, correlation, target }: RequestOutline, from: PacketConnection, refusal: TurnRefusal): void {
    if (kind === EnvelopeKind.request) tell(from, (into) => writeTurnRefusal(correlation, refusal, into));
    else
      this.parts.refusals.note('a one-way message was dropped', from, () => ({
        fields: { actor: target, from: from.remote?.node.name, reason: refusal.reason },
      }));
  }
}
