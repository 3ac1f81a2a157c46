import type { ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import { ByteWriter } from '../serialization/byte-writer';
import type { ByteReader } from '../serialization/byte-reader';
import { describeError, restoreError, type ErrorRecord } from '../serialization/error-codec';
import type { Serializer } from '../serialization/serializer';
import { writeNamed } from '../serialization/uncarried-value';
import { crc32c } from '../wire/crc32c';
import { seal, unseal, type RecordKind } from '../storage/sealed-record';

const KIND: RecordKind = { what: 'remembered answer', format: 1 };

/** What a record says of its call. `begun`: a part of it is durable, and it has not ended. */
const Form = { begun: 0, value: 1, error: 2 } as const;

/** How the call of a key has ended. */
export type CallEnd = { readonly value: unknown } | { readonly error: unknown } | 'begun';

/** What is remembered under the key of a call. */
export interface AnswerRecord {
  /** Of the call: another one does not have it. */
  readonly digest: number;
  readonly end: CallEnd;
}

/** A number by which calls are distinguished that have one key: what was asked, and with what. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function digestOf(method: string, args: readonly unknown[], serializer: Serializer): number {
  const writer = new ByteWriter(256);
  serializer.write([method, ...args], writer);
  return crc32c(writer.take(), 0);
}

/** The body of a sealed record: `digest u32 | form u8 | value`. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function encodeAnswer(owner: string, { digest, end }: AnswerRecord, serializer: Serializer): Buffer {
  return seal(KIND, owner, (writer) => {
    writer.uint32(digest);
    if (end === 'begun') writer.uint8(Form.begun);
    else if ('value' in end) {
      writer.uint8(Form.value);
      writeNamed(`The answer that is remembered for ${owner}`, end.value, serializer, writer);
    } else {
      writer.uint8(Form.error);
      serializer.write(describeError(end.error), writer);
    }
  });
}

/** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED, UNKNOWN_REFERENCE */
export function decodeAnswer(
  owner: string,
  record: Uint8Array,
  serializer: Serializer,
  references: ReferenceReader,
): AnswerRecord {
  const readBody = (reader: ByteReader): AnswerRecord => {
    const digest = reader.uint32();
    const form = reader.uint8();
    if (form === Form.begun) return { digest, end: 'begun' };
    const value = serializer.read(reader.rest(), references);
    if (form === Form.value) return { digest, end: { value } };
    if (form === Form.error) return { digest, end: { error: restoreError(value as ErrorRecord) } };
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `it has the form ${form}` });
  };
  return unseal(KIND, owner, record, readBody);
}

/** True when the record is that of an answer, and not of a call that was begun. @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED */
export function hasEnded(owner: string, record: Uint8Array): boolean {
  return unseal(KIND, owner, record, (reader) => {
    reader.uint32();
    const form = reader.uint8();
    reader.rest();
    return form !== Form.begun;
  });
}

/** Whose the answer under a key is: it stands in its record. */
export function ownerOfAnswer(actor: string, key: string): string {
  return `${actor}#${key}`;
}
