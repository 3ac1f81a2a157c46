import type { ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import { hasControlCharacter } from '../identity/actor-id';
import type { Registration } from '../directory/actor-directory';
import { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import { restoreError, type ErrorRecord } from '../serialization/error-codec';
import type { PlainFailure } from '../serialization/error-forms';
import type { Serializer } from '../serialization/serializer';
import { freezeDeep } from '../serialization/frozen-value';
import type { ContextValues } from '../calls/context-values';
import { MAX_PROBE_PATH, type Probe } from '../calls/probe';
import type { RejectionNotice } from '../ordering/rejection-notice';
import type { Rejection } from '../calls/rejection';
import { RefusalReason, type TurnRefusal } from '../calls/turn-refusal';
import type { Witness } from '../calls/reply-port';

/** The kinds of actor messages; the first byte of each. */
export const EnvelopeKind = { request: 1, oneWay: 2, value: 3, error: 4, rejection: 5, cancel: 6, probe: 7, noted: 8, refusal: 9, plainFailure: 10 } as const;

/** The incarnation in a request that means whoever listens: static actors are called by address alone. */
export const ANY_INCARNATION = 0;

/** How large all of a request may be that is not its arguments, in bytes. */
export const MAX_HEADER_BYTES = 8_192;

/** How long the reason of a rejection may be. */
const MAX_WHY_LETTERS = 1_000;

/** What the flags of a request say; the two highest bits count how often it was forwarded. */
const Flag = { hasValues: 1, isCancellable: 2, isAnsweredOnArrival: 4 } as const;
const RejectionFlag = { hasLocation: 1, isToBeNoted: 2, isForNext: 4 } as const;
const HOPS_SHIFT = 6;
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
  /** How often a node has passed it on; at most 3. */
  readonly hops: number;
  readonly args: readonly unknown[];
}

/** An actor message that answers one, or is about one that was sent. */
export type ReplyEnvelope =
  | { readonly kind: typeof EnvelopeKind.cancel; readonly correlation: number }
  | { readonly kind: typeof EnvelopeKind.probe; readonly correlation: number; readonly target: string; readonly probe: Probe }
  | { readonly kind: typeof EnvelopeKind.value; readonly correlation: number; readonly witness: Witness; readonly value: unknown }
  | { readonly kind: typeof EnvelopeKind.error; readonly correlation: number; readonly error: Error }
  | { readonly kind: typeof EnvelopeKind.refusal; readonly correlation: number; readonly refusal: TurnRefusal }
  | { readonly kind: typeof EnvelopeKind.noted; readonly correlation: number; readonly target: string }
  | ({ readonly kind: typeof EnvelopeKind.rejection } & RejectionNotice);

/** @throws MoonpoolError HEADER_TOO_LARGE, UNSERIALIZABLE_VALUE */
export function writeRequest(envelope: RequestEnvelope, serializer: Serializer, into: ByteWriter): void {
  const start = into.length;
  into.uint8(envelope.kind);
  into.float64(envelope.correlation);
  into.float64(envelope.incarnation);
  into.float64(envelope.deadline);
  into.uint8(flagsOf(envelope));
  into.longText(envelope.target);
  into.shortText(envelope.method);
  into.uint8(envelope.chain.length);
  for (const path of envelope.chain) into.longText(path);
  if (envelope.values !== undefined) writeValues(envelope.values, serializer, into);
  checkHeader(envelope, into.length - start);
  serializer.write(envelope.args, into);
}

/** Tells that the caller of a request waits no more. */
export function writeCancel(correlation: number, into: ByteWriter): void {
  into.uint8(EnvelopeKind.cancel);
  into.float64(correlation);
}

/** Tells that this side has noted that a call of the actor was rejected, and holds what follows. */
export function writeNoted(target: string, into: ByteWriter): void {
  into.uint8(EnvelopeKind.noted);
  into.float64(0);
  into.longText(target);
}

/** Asks whoever has the call whether it waits for the turn that asks. */
export function writeProbe(correlation: number, target: string, { turn, via, round, path }: Probe, into: ByteWriter): void {
  into.uint8(EnvelopeKind.probe);
  into.float64(correlation);
  into.longText(target);
  into.longText(turn);
  into.longText(via);
  into.float64(round);
  into.uint8(path.length);
  for (const actor of path) into.longText(actor);
}

function flagsOf({ values, isCancellable, isAnsweredOnArrival, hops }: RequestEnvelope): number {
  return (
    (values === undefined ? 0 : Flag.hasValues) |
    (isCancellable ? Flag.isCancellable : 0) |
    (isAnsweredOnArrival ? Flag.isAnsweredOnArrival : 0) |
    (hops << HOPS_SHIFT)
  );
}

function writeValues(values: ContextValues, serializer: Serializer, into: ByteWriter): void {
  const at = into.skip(4);
  serializer.write(values, into);
  into.setUint32(at, into.length - at - 4);
}

function checkHeader({ chain, values }: RequestEnvelope, bytes: number): void {
  if (bytes <= MAX_HEADER_BYTES) return;
  const said = Object.keys(values ?? {}).join(', ') || 'nothing';
  const message = `Its header has ${bytes} bytes and may have ${MAX_HEADER_BYTES}; its chain holds ${chain.length} actors, its request context ${said}`;
  throw new MoonpoolError('HEADER_TOO_LARGE', { message });
}

export function writeValue(correlation: number, witness: Witness, value: unknown, serializer: Serializer, into: ByteWriter): void {
  into.uint8(EnvelopeKind.value);
  into.float64(correlation);
  into.float64(witness.epoch);
  into.float64(witness.turn);
  into.float64(witness.version);
  serializer.write(value, into);
}

export function writeError(correlation: number, error: ErrorRecord, serializer: Serializer, into: ByteWriter): void {
  into.uint8(EnvelopeKind.error);
  into.float64(correlation);
  serializer.write(error, into);
}

/** The error of last resort: it needs no serializer, which may be what has failed. */
export function writePlainFailure(correlation: number, { code, executed, message }: PlainFailure, into: ByteWriter): void {
  into.uint8(EnvelopeKind.plainFailure);
  into.float64(correlation);
  into.uint8(EXECUTED.indexOf(executed));
  into.shortText(code);
  into.longText(message);
}

/** Says that no turn was started, in as few bytes and with as little work as can be. */
export function writeRefusal(correlation: number, { reason, amount }: TurnRefusal, into: ByteWriter): void {
  into.uint8(EnvelopeKind.refusal);
  into.float64(correlation);
  into.uint8(reason);
  into.float64(amount);
}

/** @param isToBeNoted what follows is rejected too until the sender says that it has noted this. */
export function writeRejection(correlation: number, target: string, { why, location, isForNext = false }: Rejection, isToBeNoted: boolean, into: ByteWriter): void {
  into.uint8(EnvelopeKind.rejection);
  into.float64(correlation);
  into.longText(target);
  into.longText(why.slice(0, MAX_WHY_LETTERS));
  into.uint8((location === undefined ? 0 : RejectionFlag.hasLocation) | (isToBeNoted ? RejectionFlag.isToBeNoted : 0) | (isForNext ? RejectionFlag.isForNext : 0));
  if (location === undefined) return;
  into.longText(location.actor);
  into.longText(location.activation);
  into.longText(location.node.name);
  into.float64(location.node.incarnation);
  into.longText(location.address);
}

/** Reads any actor message. @throws MoonpoolError MALFORMED_PAYLOAD, UNKNOWN_REFERENCE */
export function readEnvelope(payload: Buffer, serializer: Serializer, references: ReferenceReader): RequestEnvelope | ReplyEnvelope {
  const reader = new ByteReader(payload);
  const kind = reader.uint8();
  const correlation = reader.float64();
  switch (kind) {
    case EnvelopeKind.request:
    case EnvelopeKind.oneWay:
      return readRequest(kind, correlation, reader, serializer, references);
    case EnvelopeKind.value: {
      const witness = { epoch: reader.float64(), turn: reader.float64(), version: reader.float64() };
      return { kind, correlation, witness, value: serializer.read(reader.rest(), references) };
    }
    case EnvelopeKind.refusal:
      return { kind, correlation, refusal: readRefusal(reader) };
    case EnvelopeKind.cancel:
      return { kind, correlation };
    case EnvelopeKind.noted:
      return { kind, correlation, target: readName(reader.longText()) };
    case EnvelopeKind.probe:
      return { kind, correlation, target: readName(reader.longText()), probe: readProbe(reader) };
    case EnvelopeKind.error:
      return { kind, correlation, error: restoreError(serializer.read(reader.rest(), references)) };
    case EnvelopeKind.plainFailure:
      return { kind: EnvelopeKind.error, correlation, error: readPlainFailure(reader) };
    case EnvelopeKind.rejection: {
      const target = readName(reader.longText());
      const why = outsideText(reader.longText(), MAX_WHY_LETTERS);
      const flags = reader.uint8();
      const location = (flags & RejectionFlag.hasLocation) === 0 ? undefined : readRegistration(reader);
      return { kind, correlation, target, rejection: { why, location, isForNext: (flags & RejectionFlag.isForNext) !== 0 }, isToBeNoted: (flags & RejectionFlag.isToBeNoted) !== 0 };
    }
    default:
      throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `An actor message has the unknown kind ${kind}` });
  }
}

function readRequest(
  kind: RequestEnvelope['kind'],
  correlation: number,
  reader: ByteReader,
  serializer: Serializer,
  references: ReferenceReader,
): RequestEnvelope {
  const incarnation = reader.float64();
  const deadline = reader.float64();
  const flags = reader.uint8();
  const target = reader.longText();
  if (!Number.isFinite(deadline)) throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `A call of ${outsideText(target)} has the deadline ${deadline}` });
  const method = readName(reader.shortText());
  const chainLength = reader.uint8();
  const chain = chainLength === 0 ? NO_CHAIN : Array.from({ length: chainLength }, () => readName(reader.longText()));
  const values = (flags & Flag.hasValues) === 0 ? undefined : readValues(reader, target, serializer, references);
  checkReceivedHeader(target, reader.position);
  const args = serializer.read(reader.rest(), references);
  if (!Array.isArray(args)) throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The arguments of ${target} are no list` });
  return {
    kind, correlation, incarnation, deadline, target, method, chain, values, args,
    isCancellable: (flags & Flag.isCancellable) !== 0,
    isAnsweredOnArrival: (flags & Flag.isAnsweredOnArrival) !== 0,
    hops: flags >>> HOPS_SHIFT,
  };
}

function checkReceivedHeader(target: string, bytes: number): void {
  if (bytes <= MAX_HEADER_BYTES) return;
  throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The header of a call of ${outsideText(target)} has ${bytes} bytes; the limit is ${MAX_HEADER_BYTES}` });
}

function readValues(reader: ByteReader, target: string, serializer: Serializer, references: ReferenceReader): ContextValues {
  const length = reader.uint32();
  if (length > MAX_HEADER_BYTES) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The request context of a call of ${outsideText(target)} has ${length} bytes; the limit is ${MAX_HEADER_BYTES}` });
  }
  const values = serializer.read(reader.bytes(length), references);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The request context of a call of ${outsideText(target)} is no record` });
  }
  return freezeDeep(values) as ContextValues;
}

function readProbe(reader: ByteReader): Probe {
  const [turn, via, round, length] = [readName(reader.longText()), readName(reader.longText()), reader.float64(), reader.uint8()];
  if (length > MAX_PROBE_PATH) throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `A probe has passed ${length} actors; the limit is ${MAX_PROBE_PATH}` });
  return { turn, via, round, path: Array.from({ length }, () => readName(reader.longText())) };
}

/** The name of an actor, a turn or a handler, which stands in errors and logs: none has a line of its own in it. */
function readName(text: string): string {
  if (hasControlCharacter(text)) throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `An actor message has the name '${outsideText(text)}', which holds a control character` });
  return text;
}

function readRefusal(reader: ByteReader): TurnRefusal {
  const [reason, amount] = [reader.uint8(), reader.float64()];
  const known = Object.values(RefusalReason).find((other) => other === reason);
  if (known === undefined || !(amount >= 0)) throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `A call was refused for the unknown reason ${reason}, or with the amount ${amount}` });
  return { reason: known, amount };
}

function readPlainFailure(reader: ByteReader): Error {
  const executed = EXECUTED[reader.uint8()] ?? 'maybe';
  return restoreError({ name: 'MoonpoolError', executed, code: reader.shortText(), message: reader.longText() });
}

const EXECUTED = ['no', 'maybe', 'yes'] as const;
const NO_CHAIN: readonly string[] = [];

function readRegistration(reader: ByteReader): Registration {
  const [actor, activation] = [readName(reader.longText()), readName(reader.longText())];
  const node = { name: readName(reader.longText()), incarnation: reader.float64() };
  return { actor, activation, node, address: readName(reader.longText()) };
}
