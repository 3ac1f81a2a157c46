import type { Registration } from '../directory/actor-directory';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ByteWriter } from '../serialization/byte-writer';
import type { ErrorRecord } from '../serialization/error-codec';
import type { PlainFailure } from '../serialization/error-forms';
import type { Serializer } from '../serialization/serializer';
import { writeNoFields } from '../wire/header-fields';
import type { Probe } from '../calls/probe';
import type { Rejection } from '../calls/rejection';
import type { TurnRefusal } from '../calls/turn-refusal';
import type { Witness } from '../calls/reply-port';
import {
  EnvelopeKind,
  EXECUTED,
  MAX_HEADER_BYTES,
  MAX_WHY_LETTERS,
  RejectionFlag,
  type RequestEnvelope,
} from './envelope';
import { writeRequestFields } from './request-fields';

/** @throws MoonpoolError HEADER_TOO_LARGE, UNSERIALIZABLE_VALUE */
export function writeRequest(envelope: RequestEnvelope, serializer: Serializer, into: ByteWriter): void {
  const start = into.length;
  into.uint8(envelope.kind);
  into.float64(envelope.correlation);
  into.float64(envelope.incarnation);
  into.float64(envelope.deadline);
  into.longText(envelope.target);
  into.shortText(envelope.method);
  writeRequestFields(envelope, serializer, into);
  checkHeader(envelope, into.length - start);
  serializer.write(envelope.args, into);
}

/** Tells that the caller of a request waits no more. */
export function writeCancel(correlation: number, into: ByteWriter): void {
  into.uint8(EnvelopeKind.cancel);
  into.float64(correlation);
  writeNoFields(into);
}

/** Tells that this side has noted that a call of the actor was rejected, and holds what follows. */
export function writeNoted(target: string, into: ByteWriter): void {
  into.uint8(EnvelopeKind.noted);
  into.float64(0);
  into.longText(target);
  writeNoFields(into);
}

/** Asks whoever has the call whether it waits for the turn that asks. */
export function writeProbe(
  correlation: number,
  target: string,
  { turn, via, round, path }: Probe,
  into: ByteWriter,
): void {
  into.uint8(EnvelopeKind.probe);
  into.float64(correlation);
  into.longText(target);
  into.longText(turn);
  into.longText(via);
  into.float64(round);
  into.uint8(path.length);
  for (const actor of path) into.longText(actor);
  writeNoFields(into);
}

function checkHeader({ chain, values }: RequestEnvelope, bytes: number): void {
  if (bytes <= MAX_HEADER_BYTES) return;
  const said = Object.keys(values ?? {}).join(', ') || 'nothing';
  const message = `Its header has ${bytes} bytes and may have ${MAX_HEADER_BYTES}; its chain holds ${chain.length} actors, its request context ${said}`;
  throw new MoonpoolError('HEADER_TOO_LARGE', { message });
}

export function writeValue(
  correlation: number,
  witness: Witness,
  value: unknown,
  serializer: Serializer,
  into: ByteWriter,
): void {
  into.uint8(EnvelopeKind.value);
  into.float64(correlation);
  into.float64(witness.epoch);
  into.float64(witness.turn);
  into.float64(witness.version);
  writeNoFields(into);
  serializer.write(value, into);
}

export function writeError(correlation: number, error: ErrorRecord, serializer: Serializer, into: ByteWriter): void {
  into.uint8(EnvelopeKind.error);
  into.float64(correlation);
  writeNoFields(into);
  serializer.write(error, into);
}

/** The error of last resort: it needs no serializer, which may be what has failed. */
export function writePlainFailure(
  correlation: number,
  { code, executed, message }: PlainFailure,
  into: ByteWriter,
): void {
  into.uint8(EnvelopeKind.plainFailure);
  into.float64(correlation);
  into.uint8(EXECUTED.indexOf(executed));
  into.shortText(code);
  into.longText(message);
  writeNoFields(into);
}

/** Says that no turn was started, in as few bytes and with as little work as can be. */
export function writeTurnRefusal(correlation: number, { reason, amount }: TurnRefusal, into: ByteWriter): void {
  into.uint8(EnvelopeKind.refusal);
  into.float64(correlation);
  into.uint8(reason);
  into.float64(amount);
  writeNoFields(into);
}

/** @param isToBeNoted what follows is rejected too until the sender says that it has noted this. */
export function writeRejection(
  correlation: number,
  target: string,
  { why, location, isForNext = false }: Rejection,
  isToBeNoted: boolean,
  into: ByteWriter,
): void {
  into.uint8(EnvelopeKind.rejection);
  into.float64(correlation);
  into.longText(target);
  into.longText(why.slice(0, MAX_WHY_LETTERS));
  into.uint8(
    (location === undefined ? 0 : RejectionFlag.hasLocation) |
      (isToBeNoted ? RejectionFlag.isToBeNoted : 0) |
      (isForNext ? RejectionFlag.isForNext : 0),
  );
  if (location !== undefined) writeLocation(location, into);
  writeNoFields(into);
}

function writeLocation({ actor, activation, node, address }: Registration, into: ByteWriter): void {
  into.longText(actor);
  into.longText(activation);
  into.longText(node.name);
  into.float64(node.incarnation);
  into.longText(address);
}
