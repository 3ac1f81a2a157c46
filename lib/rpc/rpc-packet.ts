import { Uid } from '../identity/uid';
import { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';

/** The correlation number of a request that wants no answer. */
export const NO_CORRELATION = 0;

/** How a request was answered. */
export const ReplyOutcome = { value: 0, error: 1, broken: 2 } as const;

/** Where a request packet's body begins. */
const REQUEST_HEADER_BYTES = 8;

/** A request: its correlation number, then the body, to the end of the packet. */
export function writeRequestHeader(correlation: number, into: ByteWriter): void {
  into.float64(correlation);
}

/** @throws MoonpoolError MALFORMED_PAYLOAD */
export function readRequest(payload: Buffer): { readonly correlation: number; readonly body: Buffer } {
  const reader = new ByteReader(payload);
  return { correlation: reader.float64(), body: reader.rest() };
}

/** The correlation number of something that may be a request, and may be anything. */
export function correlationOf(payload: Buffer): number {
  return payload.length < REQUEST_HEADER_BYTES ? NO_CORRELATION : payload.readDoubleLE(0);
}

/** A reply: its outcome, the correlation number of the request, and a body unless the promise is broken. */
export function writeReplyHeader(outcome: number, correlation: number, into: ByteWriter): void {
  into.uint8(outcome);
  into.float64(correlation);
}

/** @throws MoonpoolError MALFORMED_PAYLOAD */
export function readReply(payload: Buffer): {
  readonly outcome: number;
  readonly correlation: number;
  readonly body: Buffer;
} {
  const reader = new ByteReader(payload);
  return { outcome: reader.uint8(), correlation: reader.float64(), body: reader.rest() };
}

/** A refusal, by whose well-known token it is known why: the endpoint that was asked, and the correlation number. */
export function writeRefusal(token: Uid, correlation: number, into: ByteWriter): void {
  for (const word of [token.firstLow, token.firstHigh, token.secondLow, token.secondHigh]) into.uint32(word);
  into.float64(correlation);
}

/** @throws MoonpoolError MALFORMED_PAYLOAD */
export function readRefusal(payload: Buffer): { readonly token: Uid; readonly correlation: number } {
  const reader = new ByteReader(payload);
  const token = new Uid(reader.uint32(), reader.uint32(), reader.uint32(), reader.uint32());
  return { token, correlation: reader.float64() };
}
