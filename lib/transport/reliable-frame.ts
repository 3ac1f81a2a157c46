import { MoonpoolError } from '../errors/moonpool-error';
import { Uid } from '../identity/uid';
import { wellKnownNumber, wellKnownToken, WellKnownToken } from '../identity/well-known-token';
import { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';

/** The token of everything that the sender of reliable messages says. */
export const RELIABLE = wellKnownToken(WellKnownToken.reliable);
/** The token of everything that their receiver answers. */
export const ACKNOWLEDGE = wellKnownToken(WellKnownToken.acknowledge);

const OPENING = 0;
const MESSAGE = 1;
const ACKNOWLEDGEMENT = 0;
const SESSION_UNKNOWN = 1;

/** What the sender says first on each connection: which message comes next, and whether it spoke to this receiver before. */
export interface Opening {
  readonly kind: 'opening';
  /** The number of the first message that was not acknowledged. */
  readonly base: number;
  /** True when messages of this session were written on an earlier connection: the receiver must remember them. */
  readonly isResumed: boolean;
}

/** One reliable message: its number, and the packet that it stands for. */
export interface ReliableMessage {
  readonly kind: 'message';
  readonly sequence: number;
  readonly token: Uid;
  readonly payload: Buffer;
}

/** What the receiver answers. */
export interface Acknowledgement {
  /** True when the receiver has forgotten the session that was to be resumed; it takes no message of it. */
  readonly isSessionUnknown: boolean;
  /** The number of the message that the receiver expects next: it has delivered all before it. */
  readonly next: number;
}

export function writeOpening(base: number, isResumed: boolean, into: ByteWriter): void {
  into.uint8(OPENING);
  into.float64(base);
  into.uint8(isResumed ? 1 : 0);
}

/** Writes what stands before the payload of a message. */
export function writeMessageHead(sequence: number, token: Uid, into: ByteWriter): void {
  into.uint8(MESSAGE);
  into.float64(sequence);
  into.uint32(token.firstLow);
  into.uint32(token.firstHigh);
  into.uint32(token.secondLow);
  into.uint32(token.secondHigh);
}

/** @throws MoonpoolError MALFORMED_PAYLOAD */
export function readReliable(payload: Buffer): Opening | ReliableMessage {
  const reader = new ByteReader(payload);
  const kind = reader.uint8();
  const sequence = readSequence(reader);
  if (kind === OPENING) return { kind: 'opening', base: sequence, isResumed: reader.uint8() === 1 };
  if (kind !== MESSAGE) throw malformed(`the kind ${kind}`);
  const token = new Uid(reader.uint32(), reader.uint32(), reader.uint32(), reader.uint32());
  // One in another in another would be handled in as many nested calls.
  if (wellKnownNumber(token) === WellKnownToken.reliable) throw malformed('another one inside');
  return { kind: 'message', sequence, token, payload: reader.rest() };
}

export function writeAcknowledgement({ isSessionUnknown, next }: Acknowledgement, into: ByteWriter): void {
  into.uint8(isSessionUnknown ? SESSION_UNKNOWN : ACKNOWLEDGEMENT);
  into.float64(next);
}

/** @throws MoonpoolError MALFORMED_PAYLOAD */
export function readAcknowledgement(payload: Buffer): Acknowledgement {
  const reader = new ByteReader(payload);
  const kind = reader.uint8();
  if (kind > SESSION_UNKNOWN) throw malformed(`the kind ${kind}`);
  return { isSessionUnknown: kind === SESSION_UNKNOWN, next: readSequence(reader) };
}

function readSequence(reader: ByteReader): number {
  const sequence = reader.float64();
  if (!Number.isSafeInteger(sequence) || sequence < 1) throw malformed(`the number ${sequence}`);
  return sequence;
}

function malformed(found: string): MoonpoolError {
  return new MoonpoolError('MALFORMED_PAYLOAD', { message: `A packet of reliable delivery has ${found}` });
}
