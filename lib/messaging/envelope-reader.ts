import type { ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import type { Registration } from '../directory/actor-directory';
import { ByteReader } from '../serialization/byte-reader';
import { errorIn, restoreError } from '../serialization/error-codec';
import type { Serializer } from '../serialization/serializer';
import { skipFields } from '../wire/header-fields';
import { MAX_PROBE_PATH, type Probe } from '../calls/probe';
import { RefusalReason, type TurnRefusal } from '../calls/turn-refusal';
import {
  EnvelopeKind,
  EXECUTED,
  MAX_RECEIVED_HEADER_BYTES,
  MAX_WHY_LETTERS,
  RejectionFlag,
  type ReplyEnvelope,
  type RequestEnvelope,
} from './envelope';
import { readName, readRequestFields } from './request-fields';

/** What bears a header, in messages. */
const ANSWER = 'an answer';
const MESSAGE = 'an actor message';

/** Reads any actor message. @throws MoonpoolError MALFORMED_PAYLOAD, UNKNOWN_HEADER_FIELD, UNKNOWN_REFERENCE */
export function readEnvelope(
  payload: Buffer,
  serializer: Serializer,
  references: ReferenceReader,
): RequestEnvelope | ReplyEnvelope {
  const reader = new ByteReader(payload);
  const kind = reader.uint8();
  const correlation = reader.float64();
  switch (kind) {
    case EnvelopeKind.request:
    case EnvelopeKind.oneWay:
      return readRequest(kind, correlation, reader, serializer, references);
    case EnvelopeKind.value: {
      const witness = { epoch: reader.float64(), turn: reader.float64(), version: reader.float64() };
      skipFields(reader, ANSWER);
      return { kind, correlation, witness, value: serializer.read(reader.rest(), references) };
    }
    case EnvelopeKind.error:
      skipFields(reader, ANSWER);
      return { kind, correlation, error: errorIn(serializer.read(reader.rest(), references)) };
    default: {
      const envelope = readPlain(kind, correlation, reader);
      skipFields(reader, MESSAGE);
      return envelope;
    }
  }
}

/** Reads what has no value behind its header. */
function readPlain(kind: number, correlation: number, reader: ByteReader): ReplyEnvelope {
  switch (kind) {
    case EnvelopeKind.refusal:
      return { kind, correlation, refusal: readTurnRefusal(reader) };
    case EnvelopeKind.cancel:
      return { kind, correlation };
    case EnvelopeKind.noted:
      return { kind, correlation, target: readName(reader.longText()) };
    case EnvelopeKind.probe:
      return { kind, correlation, target: readName(reader.longText()), probe: readProbe(reader) };
    case EnvelopeKind.plainFailure:
      return { kind: EnvelopeKind.error, correlation, error: readPlainFailure(reader) };
    case EnvelopeKind.rejection:
      return readRejection(correlation, reader);
    default:
      throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `An actor message has the unknown kind ${kind}` });
  }
}

function readRejection(correlation: number, reader: ByteReader): ReplyEnvelope {
  const target = readName(reader.longText());
  const why = outsideText(reader.longText(), MAX_WHY_LETTERS);
  const flags = reader.uint8();
  const location = (flags & RejectionFlag.hasLocation) === 0 ? undefined : readRegistration(reader);
  return {
    kind: EnvelopeKind.rejection,
    correlation,
    target,
    rejection: { why, location, isForNext: (flags & RejectionFlag.isForNext) !== 0 },
    isToBeNoted: (flags & RejectionFlag.isToBeNoted) !== 0,
  };
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
  const target = reader.longText();
  if (!Number.isFinite(deadline))
    throw new MoonpoolError('MALFORMED_PAYLOAD', {
      message: `A call of ${outsideText(target)} has the deadline ${deadline}`,
    });
  const method = readName(reader.shortText());
  const fields = readRequestFields(reader, target, serializer, references);
  checkReceivedHeader(target, reader.position);
  const args = serializer.read(reader.rest(), references);
  if (!Array.isArray(args))
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The arguments of ${target} are no list` });
  return {
    kind,
    correlation,
    incarnation,
    deadline,
    target,
    method,
    args,
    chain: fields.chain,
    values: fields.values,
    isCancellable: fields.isCancellable,
    isAnsweredOnArrival: fields.isAnsweredOnArrival,
    idempotencyKey: fields.idempotencyKey,
    classVersion: fields.classVersion,
    hops: fields.hops,
  };
}

function checkReceivedHeader(target: string, bytes: number): void {
  if (bytes <= MAX_RECEIVED_HEADER_BYTES) return;
  throw new MoonpoolError('MALFORMED_PAYLOAD', {
    message: `The header of a call of ${outsideText(target)} has ${bytes} bytes; the limit is ${MAX_RECEIVED_HEADER_BYTES}`,
  });
}

function readProbe(reader: ByteReader): Probe {
  const [turn, via, round, length] = [
    readName(reader.longText()),
    readName(reader.longText()),
    reader.float64(),
    reader.uint8(),
  ];
  if (length > MAX_PROBE_PATH)
    throw new MoonpoolError('MALFORMED_PAYLOAD', {
      message: `A probe has passed ${length} actors; the limit is ${MAX_PROBE_PATH}`,
    });
  return { turn, via, round, path: Array.from({ length }, () => readName(reader.longText())) };
}

function readTurnRefusal(reader: ByteReader): TurnRefusal {
  const [reason, amount] = [reader.uint8(), reader.float64()];
  const known = Object.values(RefusalReason).find((other) => other === reason);
  if (known === undefined || !(amount >= 0))
    throw new MoonpoolError('MALFORMED_PAYLOAD', {
      message: `A call was refused for the unknown reason ${reason}, or with the amount ${amount}`,
    });
  return { reason: known, amount };
}

function readPlainFailure(reader: ByteReader): Error {
  const executed = EXECUTED[reader.uint8()] ?? 'maybe';
  return restoreError({ name: 'MoonpoolError', executed, code: reader.shortText(), message: reader.longText() });
}

function readRegistration(reader: ByteReader): Registration {
  const [actor, activation] = [readName(reader.longText()), readName(reader.longText())];
  const node = { name: readName(reader.longText()), incarnation: reader.float64() };
  return { actor, activation, node, address: readName(reader.longText()) };
}
