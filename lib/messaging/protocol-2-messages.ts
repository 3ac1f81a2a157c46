import type { ProtocolAdapter } from '../connection/protocol-adapter';
import { PROTOCOL_2 } from '../handshake/protocol-2-greeting';
import type { Uid } from '../identity/uid';
import { wellKnownNumber, WellKnownToken } from '../identity/well-known-token';
import { ByteReader } from '../serialization/byte-reader';
import { ByteWriter } from '../serialization/byte-writer';
import {
  FIRST_CRITICAL_TAG,
  beginField,
  beginFields,
  endField,
  endFields,
  readFields,
  writeMark,
} from '../wire/header-fields';
import { EnvelopeKind } from './envelope';
import { RequestField } from './request-fields';

/** What the flags of a request of version 2 say; the two highest bits count how often it was forwarded. */
const Flag = { hasValues: 1, isCancellable: 2, isAnsweredOnArrival: 4 } as const;
const HOPS_SHIFT = 6;
/** In version 2 the length of a chain is one byte; of a longer one the latest callers are told. */
const MAX_CHAIN = 0xff;

const CORRELATION_BYTES = 9;
/** Kind, correlation, incarnation and deadline, which requests of both versions begin with. */
const REQUEST_HEAD_BYTES = 25;
/** Kind, correlation, and the witness of a value. */
const VALUE_HEAD_BYTES = 33;
/** The name of no handler, with its length. */
const NO_NAME = Buffer.alloc(1);
/** The length of a section without fields. */
const NO_FIELDS = Buffer.alloc(2);

/**
 * Actor messages of version 2, that of Moonpool 0.1.0: its requests have flags, a chain and a context in fixed places, and its headers
 * have no fields. docs/wire-format.md has both.
 */
export class Protocol2Messages implements ProtocolAdapter {
  readonly version = PROTOCOL_2;

  incoming(token: Uid, payload: Buffer): Buffer {
    if (!isActorMessage(token)) return payload;
    try {
      return fromProtocol2(payload);
    } catch {
      // Whoever reads it will say what is wrong with it.
      return payload;
    }
  }

  outgoing(token: Uid, payload: Buffer): Buffer {
    return isActorMessage(token) ? toProtocol2(payload) : payload;
  }
}

function isActorMessage(token: Uid): boolean {
  return wellKnownNumber(token) === WellKnownToken.actorMessage;
}

function fromProtocol2(payload: Buffer): Buffer {
  switch (payload[0]) {
    case EnvelopeKind.request:
    case EnvelopeKind.oneWay:
      return requestFromProtocol2(payload);
    case EnvelopeKind.value:
      return withFieldsAt(payload, VALUE_HEAD_BYTES);
    case EnvelopeKind.error:
      return withFieldsAt(payload, CORRELATION_BYTES);
    default:
      return withFieldsAt(payload, payload.length);
  }
}

function toProtocol2(payload: Buffer): Buffer {
  switch (payload[0]) {
    case EnvelopeKind.request:
    case EnvelopeKind.oneWay:
      return requestToProtocol2(payload);
    case EnvelopeKind.value:
      return withoutFieldsAt(payload, VALUE_HEAD_BYTES);
    case EnvelopeKind.error:
      return withoutFieldsAt(payload, CORRELATION_BYTES);
    default:
      // Version 2 passes over what stands behind the end of these.
      return payload;
  }
}

function withFieldsAt(payload: Buffer, at: number): Buffer {
  return Buffer.concat([payload.subarray(0, at), NO_FIELDS, payload.subarray(at)]);
}

function withoutFieldsAt(payload: Buffer, at: number): Buffer {
  return Buffer.concat([payload.subarray(0, at), payload.subarray(at + 2 + payload.readUInt16LE(at))]);
}

function requestFromProtocol2(payload: Buffer): Buffer {
  const reader = new ByteReader(payload);
  const into = new ByteWriter(payload.length + 64);
  into.bytes(reader.bytes(REQUEST_HEAD_BYTES));
  const flags = reader.uint8();
  copyText(reader, into);
  copyShortText(reader, into);
  const section = beginFields(into);
  const chainLength = reader.uint8();
  if (chainLength > 0) {
    const chain = beginField(RequestField.chain, into);
    for (let left = chainLength; left > 0; left--) copyText(reader, into);
    endField(chain, into);
  }
  if ((flags & Flag.hasValues) !== 0) {
    const values = beginField(RequestField.values, into);
    into.bytes(reader.bytes(reader.uint32()));
    endField(values, into);
  }
  if ((flags & Flag.isCancellable) !== 0) writeMark(RequestField.isCancellable, into);
  if ((flags & Flag.isAnsweredOnArrival) !== 0) writeMark(RequestField.isAnsweredOnArrival, into);
  const hops = flags >>> HOPS_SHIFT;
  if (hops > 0) {
    const field = beginField(RequestField.hops, into);
    into.uint8(hops);
    endField(field, into);
  }
  endFields(section, into);
  into.bytes(reader.rest());
  return into.take();
}

function requestToProtocol2(payload: Buffer): Buffer {
  const reader = new ByteReader(payload);
  const head = reader.bytes(REQUEST_HEAD_BYTES);
  const target = reader.bytes(2 + payload.readUInt16LE(REQUEST_HEAD_BYTES));
  const method = reader.bytes(1 + (payload[reader.position] ?? 0));
  let chain: readonly Buffer[] = [];
  let values: Buffer | undefined;
  let flags = 0;
  let isSayable = true;
  const take = (tag: number, end: number): boolean => {
    if (tag === RequestField.chain) chain = readTexts(payload, reader, end);
    else if (tag === RequestField.values) values = reader.bytes(end - reader.position);
    else if (tag === RequestField.hops) flags |= reader.uint8() << HOPS_SHIFT;
    else if (tag === RequestField.isCancellable) flags |= Flag.isCancellable;
    else if (tag === RequestField.isAnsweredOnArrival) flags |= Flag.isAnsweredOnArrival;
    else if (tag < FIRST_CRITICAL_TAG) return false;
    else {
      isSayable = false;
      reader.bytes(end - reader.position);
    }
    return true;
  };
  readFields(reader, reader.uint16(), take, 'a call');
  const into = new ByteWriter(payload.length);
  into.bytes(head);
  into.uint8(flags | (values === undefined ? 0 : Flag.hasValues));
  into.bytes(target);
  // What must not be passed over cannot be said in version 2: no handler has this name, so the other side refuses the call, and nothing else.
  into.bytes(isSayable ? method : NO_NAME);
  const latest = chain.slice(-MAX_CHAIN);
  into.uint8(latest.length);
  for (const path of latest) into.bytes(path);
  if (values !== undefined) {
    into.uint32(values.length);
    into.bytes(values);
  }
  into.bytes(reader.rest());
  return into.take();
}

/** The texts up to the end, each with its length. */
function readTexts(payload: Buffer, reader: ByteReader, end: number): readonly Buffer[] {
  const texts: Buffer[] = [];
  while (reader.position < end) texts.push(reader.bytes(2 + payload.readUInt16LE(reader.position)));
  return texts;
}

function copyText(reader: ByteReader, into: ByteWriter): void {
  const length = reader.uint16();
  into.uint16(length);
  into.bytes(reader.bytes(length));
}

function copyShortText(reader: ByteReader, into: ByteWriter): void {
  const length = reader.uint8();
  into.uint8(length);
  into.bytes(reader.bytes(length));
}
