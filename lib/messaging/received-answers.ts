import type { BoundReferences } from '../actor/bound-references';
import type { Call } from '../calls/call';
import type { PendingCalls } from '../calls/pending-calls';
import type { CallScope } from '../calls/request';
import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { PacketConnection } from '../connection/packet-connection';
import type { Counter } from '../observability/instruments';
import { CALL_METRICS } from '../observability/metric-catalogue';
import type { Metrics } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { RejectionNotice } from '../ordering/rejection-notice';
import type { KnownLocations } from '../placement/known-locations';
import { EnvelopeKind, type ReplyEnvelope } from './envelope';
import type { MessageBus } from './message-bus';
import type { MessageRouter } from './message-router';
import type { Restraint } from './restraint';

/** A message that says how a call has ended, or that it is to go elsewhere. */
export type Answer = Exclude<
  ReplyEnvelope,
  { readonly kind: typeof EnvelopeKind.cancel | typeof EnvelopeKind.probe | typeof EnvelopeKind.noted }
>;

/** What those who take answers need from their node. */
export interface ReceivedAnswersParts {
  readonly pending: PendingCalls;
  readonly known: KnownLocations;
  readonly refusals: RefusalLog;
  readonly metrics: Metrics;
  readonly bus: Pick<MessageBus, 'hasMade'>;
  readonly router: Pick<MessageRouter, 'noteRejected'>;
  readonly restraint: Pick<Restraint, 'onAnswer' | 'onRefusal'>;
}

/** Takes the answers of other nodes to the calls that wait for them, and to no others. */
export class ReceivedAnswers {
  /** Those that came when nobody waited for them any more. */
  private readonly late: Counter;

  constructor(private readonly parts: ReceivedAnswersParts) {
    this.late = parts.metrics.bind(CALL_METRICS).lateReplies;
  }

  receive(answer: Answer, from: PacketConnection, references: BoundReferences<CallScope>): void {
    // First of all: an answer that comes by another connection than its call has nothing to say about it.
    const call = this.parts.pending.waitingFor(answer.correlation, from);
    if (answer.kind === EnvelopeKind.rejection && !this.noteRejection(answer, call, from)) return;
    if (call === undefined) this.onLate(answer, from);
    else this.end(call, answer, from, references);
  }

  /** An answer has come that cannot be read. @param executed where it is an error, which may be one that refused the call. */
  unreadable(correlation: number, from: PacketConnection, error: unknown, executed?: Executed): void {
    const call = this.parts.pending.waitingFor(correlation, from);
    if (call === undefined) this.onLate({ correlation }, from);
    else call.unreadable(error, executed);
  }

  /** A node has not taken a call, and the rest of what it says cannot be read. Whatever that is, no turn was started. */
  unreadableRefusal(correlation: number, from: PacketConnection, cause: unknown): void {
    const call = this.parts.pending.waitingFor(correlation, from);
    if (call === undefined) {
      this.onLate({ correlation }, from);
      return;
    }
    const code = isMoonpoolError(cause) ? cause.code : 'MALFORMED_PAYLOAD';
    const message = `${call.describe()} was not started, and why could not be read: ${reasonOf(cause)}`;
    call.failed(new MoonpoolError(code, { message, executed: 'no', cause }));
  }

  /** False when it is about an actor that the call is none of. */
  private noteRejection(notice: RejectionNotice, call: Call | undefined, from: PacketConnection): boolean {
    if (call !== undefined && call.target.path !== notice.target) {
      this.noteStray(from);
      return false;
    }
    // One-way messages are rejected too, and of them nobody waits here. Where somebody waits, the call itself learns it.
    if (call === undefined && this.mayHaveEnded(notice.correlation))
      this.parts.known.onRejected(notice.target, notice.rejection.location);
    // Of a call that has ended too: what was sent behind it comes back as well, until this side has noted it.
    if (notice.isToBeNoted) this.parts.router.noteRejected(notice, from);
    return true;
  }

  private end(call: Call, answer: Answer, from: PacketConnection, references: BoundReferences<CallScope>): void {
    const { restraint } = this.parts;
    references.bindTo(call.request.callee.scope);
    if (answer.kind === EnvelopeKind.value || answer.kind === EnvelopeKind.error) restraint.onAnswer(call, from);
    switch (answer.kind) {
      case EnvelopeKind.value:
        call.answered(answer.value, answer.witness);
        break;
      case EnvelopeKind.error:
        call.failed(answer.error);
        break;
      case EnvelopeKind.refusal:
        restraint.onRefusal(call, from, answer.refusal);
        call.refuse(answer.refusal);
        break;
      default:
        call.reject(answer.rejection);
    }
  }

  /** Calls that end early have late answers, which is nothing to tell; an answer to what was asked of others, or of nobody, is. */
  private onLate(answer: Answer | Pick<Answer, 'correlation'>, from: PacketConnection): void {
    this.late.value++;
    if (!this.mayHaveEnded(answer.correlation)) this.noteStray(from);
    else if ('refusal' in answer) this.parts.restraint.onRefusal(undefined, from, answer.refusal);
  }

  /** True for the number of a call or a message of this process that waits for nothing any more. */
  private mayHaveEnded(correlation: number): boolean {
    return this.parts.bus.hasMade(correlation) && !this.parts.pending.isWaiting(correlation);
  }

  private noteStray(from: PacketConnection): void {
    this.parts.refusals.note('an answer came that fits no call made on its connection', from, () => ({
      fields: { from: from.remote?.node.name, role: from.remote?.role },
    }));
  }
}
