import type { ContextValues } from '../calls/context-values';
import type { Probe } from '../calls/probe';
import type { Witness } from '../calls/reply-port';
import type { ClassVersion } from '../metadata/class-version';
import type { RejectionNotice } from '../ordering/rejection-notice';
import type { TurnRefusal } from '../calls/turn-refusal';

/** The kinds of actor messages; the first byte of each. */
export const EnvelopeKind = {
  request: 1,
  oneWay: 2,
  value: 3,
  error: 4,
  rejection: 5,
  cancel: 6,
  probe: 7,
  noted: 8,
  refusal: 9,
  plainFailure: 10,
} as const;

/** The incarnation in a request that means whoever listens: static actors are called by address alone. */
export const ANY_INCARNATION = 0;

/** How large all of a request may be that is not its arguments, in bytes. */
export const MAX_HEADER_BYTES = 8_192;
/** What is read may be a little longer: a header of an earlier version of the protocol is when it is made one of this. */
export const MAX_RECEIVED_HEADER_BYTES = MAX_HEADER_BYTES + 64;

/** How long the reason of a rejection may be. */
export const MAX_WHY_LETTERS = 1_000;

/** What the flags of a rejection say. */
export const RejectionFlag = { hasLocation: 1, isToBeNoted: 2, isForNext: 4 } as const;

/** What a plain failure says of the turn, by its place in the list. */
export const EXECUTED = ['no', 'maybe', 'yes'] as const;

/** How often a request may be passed on. */
export const MAX_HOPS = 3;

/** An actor message that asks for a turn, as it travels. */
export interface RequestEnvelope {
  readonly kind: typeof EnvelopeKind.request | typeof EnvelopeKind.oneWay;
  readonly correlation: number;
  /** The incarnation that is meant; 0 for whoever listens there. */
  readonly incarnation: number;
  /** By the clock of the connection's end that wrote it; see RemoteClock. */
  readonly deadline: number;
  readonly target: string;
  readonly method: string;
  readonly chain: readonly string[];
  /** What callers said about the request. */
  readonly values: ContextValues | undefined;
  /** The caller may cancel it by a message of its own. */
  readonly isCancellable: boolean;
  /** The answer tells that the actor's mailbox has taken it. */
  readonly isAnsweredOnArrival: boolean;
  /** Under which its answer is remembered; undefined for most. */
  readonly idempotencyKey?: string | undefined;
  /** That of the caller's class; undefined for the first. */
  readonly classVersion?: ClassVersion | undefined;
  /** How often a node has passed it on; at most 3. */
  readonly hops: number;
  readonly args: readonly unknown[];
}

/** An actor message that answers one, or is about one that was sent. */
export type ReplyEnvelope =
  | { readonly kind: typeof EnvelopeKind.cancel; readonly correlation: number }
  | {
      readonly kind: typeof EnvelopeKind.probe;
      readonly correlation: number;
      readonly target: string;
      readonly probe: Probe;
    }
  | {
      readonly kind: typeof EnvelopeKind.value;
      readonly correlation: number;
      readonly witness: Witness;
      readonly value: unknown;
    }
  | { readonly kind: typeof EnvelopeKind.error; readonly correlation: number; readonly error: Error }
  | { readonly kind: typeof EnvelopeKind.refusal; readonly correlation: number; readonly refusal: TurnRefusal }
  | { readonly kind: typeof EnvelopeKind.noted; readonly correlation: number; readonly target: string }
  | ({ readonly kind: typeof EnvelopeKind.rejection } & RejectionNotice);
