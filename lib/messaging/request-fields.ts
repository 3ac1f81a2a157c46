import type { ReferenceReader } from '../actor/carried-reference';
import type { ContextValues } from '../calls/context-values';
import { MoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import { hasControlCharacter } from '../identity/actor-id';
import { FIRST_CLASS_VERSION, type ClassVersion } from '../metadata/class-version';
import type { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { freezeDeep } from '../serialization/frozen-value';
import { beginField, beginFields, endField, endFields, readFields, writeMark } from '../wire/header-fields';
import { MAX_HOPS, type RequestEnvelope } from './envelope';

/**
 * What a request may say beside what every request says, by tag. Critical is what a receiver must not act without: that a turn waits for
 * it, that its arrival alone is to be answered, that it was passed on, that it is to be executed once, and that no other version of its class may answer it.
 */
export const RequestField = {
  values: 0x0001,
  isCancellable: 0x0002,
  classVersion: 0x0003,
  chain: 0x8001,
  isAnsweredOnArrival: 0x8002,
  hops: 0x8003,
  idempotencyKey: 0x8004,
  strictVersion: 0x8005,
} as const;

/** The part of a request that its fields say. */
export type RequestFields = Pick<
  RequestEnvelope,
  'chain' | 'values' | 'isCancellable' | 'isAnsweredOnArrival' | 'idempotencyKey' | 'classVersion' | 'hops'
>;

const NO_FIELDS: RequestFields = {
  chain: [],
  values: undefined,
  isCancellable: false,
  isAnsweredOnArrival: false,
  idempotencyKey: undefined,
  classVersion: undefined,
  hops: 0,
};

/** @throws MoonpoolError HEADER_TOO_LARGE, UNSERIALIZABLE_VALUE */
export function writeRequestFields(fields: RequestFields, serializer: Serializer, into: ByteWriter): void {
  const { chain, values } = fields;
  const section = beginFields(into);
  if (chain.length > 0) {
    const at = beginField(RequestField.chain, into);
    for (const path of chain) into.longText(path);
    endField(at, into);
  }
  if (values !== undefined) {
    const at = beginField(RequestField.values, into);
    serializer.write(values, into);
    endField(at, into);
  }
  if (fields.isCancellable) writeMark(RequestField.isCancellable, into);
  if (fields.isAnsweredOnArrival) writeMark(RequestField.isAnsweredOnArrival, into);
  if (fields.idempotencyKey !== undefined) {
    const at = beginField(RequestField.idempotencyKey, into);
    into.longText(fields.idempotencyKey);
    endField(at, into);
  }
  if (fields.classVersion !== undefined) {
    const { number, isStrict } = fields.classVersion;
    const at = beginField(isStrict ? RequestField.strictVersion : RequestField.classVersion, into);
    into.uint16(number);
    endField(at, into);
  }
  if (fields.hops > 0) {
    const at = beginField(RequestField.hops, into);
    into.uint8(fields.hops);
    endField(at, into);
  }
  endFields(section, into);
}

/** @throws MoonpoolError MALFORMED_PAYLOAD, UNKNOWN_HEADER_FIELD, UNKNOWN_REFERENCE */
export function readRequestFields(
  reader: ByteReader,
  target: string,
  serializer: Serializer,
  references: ReferenceReader,
): RequestFields {
  const length = reader.uint16();
  if (length === 0) return NO_FIELDS;
  const found: { -readonly [K in keyof RequestFields]: RequestFields[K] } = { ...NO_FIELDS };
  const take = (tag: number, end: number): boolean => {
    switch (tag) {
      case RequestField.chain:
        found.chain = readChain(reader, end);
        return true;
      case RequestField.values:
        found.values = readValues(reader.bytes(end - reader.position), target, serializer, references);
        return true;
      case RequestField.isCancellable:
        found.isCancellable = true;
        return true;
      case RequestField.isAnsweredOnArrival:
        found.isAnsweredOnArrival = true;
        return true;
      case RequestField.idempotencyKey:
        found.idempotencyKey = readName(reader.longText());
        return true;
      case RequestField.classVersion:
      case RequestField.strictVersion:
        found.classVersion = readVersion(reader, tag === RequestField.strictVersion);
        return true;
      case RequestField.hops:
        found.hops = readHops(reader);
        return true;
      default:
        return false;
    }
  };
  readFields(reader, length, take, `a call of ${outsideText(target)}`);
  return found;
}

/** The name of an actor, a turn or a handler, which stands in errors and logs: none has a line of its own in it. */
export function readName(text: string): string {
  if (hasControlCharacter(text)) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', {
      message: `An actor message has the name '${outsideText(text)}', which holds a control character`,
    });
  }
  return text;
}

function readChain(reader: ByteReader, end: number): readonly string[] {
  const chain: string[] = [];
  while (reader.position < end) chain.push(readName(reader.longText()));
  return chain;
}

function readVersion(reader: ByteReader, isStrict: boolean): ClassVersion {
  const number = reader.uint16();
  if (number < FIRST_CLASS_VERSION)
    throw new MoonpoolError('MALFORMED_PAYLOAD', {
      message: `A call says that the class of its caller has version ${number}; the first one is ${FIRST_CLASS_VERSION}`,
    });
  return { number, isStrict };
}

function readHops(reader: ByteReader): number {
  const hops = reader.uint8();
  if (hops > MAX_HOPS)
    throw new MoonpoolError('MALFORMED_PAYLOAD', {
      message: `A call says that it was passed on ${hops} times; the limit is ${MAX_HOPS}`,
    });
  return hops;
}

function readValues(bytes: Buffer, target: string, serializer: Serializer, references: ReferenceReader): ContextValues {
  const values = serializer.read(bytes, references);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', {
      message: `The request context of a call of ${outsideText(target)} is no record`,
    });
  }
  return freezeDeep(values) as ContextValues;
}
