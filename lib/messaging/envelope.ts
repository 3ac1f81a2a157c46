import { MoonpoolError } from '../errors/moonpool-error';
import type { Registration } from '../directory/actor-directory';
import { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import { describeError, restoreError } from '../serialization/error-codec';
import type { Serializer } from '../serialization/serializer';
import type { Rejection } from './rejection';
import type { Witness } from './reply-port';

/** The kinds of actor messages; the first byte of each. */
export const EnvelopeKind = { request: 1, oneWay: 2, value: 3, error: 4, rejection: 5 } as const;

/** The incarnation in a request that means whoever listens: static actors are called by address alone. */
export const ANY_INCARNATION = 0;

/** An actor message that asks for a turn, as it travels. */
export interface RequestEnvelope {
  readonly kind: typeof EnvelopeKind.request | typeof EnvelopeKind.oneWay;
  readonly correlation: number;
  /** The incarnation that is meant; 0 for whoever listens there. */
  readonly incarnation: number;
  /** Milliseconds left until the deadline when the message was written: clocks are never compared. */
  readonly remainingMs: number;
  readonly target: string;
  readonly method: string;
  readonly chain: readonly string[];
  readonly args: readonly unknown[];
}

/** An actor message that answers one. */
export type ReplyEnvelope =
  | { readonly kind: typeof EnvelopeKind.value; readonly correlation: number; readonly witness: Witness; readonly value: unknown }
  | { readonly kind: typeof EnvelopeKind.error; readonly correlation: number; readonly error: Error }
  | { readonly kind: typeof EnvelopeKind.rejection; readonly correlation: number; readonly target: string; readonly rejection: Rejection };

export function writeRequest(envelope: RequestEnvelope, serializer: Serializer, into: ByteWriter): void {
  into.uint8(envelope.kind);
  into.float64(envelope.correlation);
  into.float64(envelope.incarnation);
  into.uint32(Math.min(Math.max(0, Math.ceil(envelope.remainingMs)), 0xffff_ffff));
  into.longText(envelope.target);
  into.shortText(envelope.method);
  into.uint8(envelope.chain.length);
  for (const path of envelope.chain) into.longText(path);
  serializer.write(envelope.args, into);
}

export function writeValue(correlation: number, witness: Witness, value: unknown, serializer: Serializer, into: ByteWriter): void {
  into.uint8(EnvelopeKind.value);
  into.float64(correlation);
  into.float64(witness.epoch);
  into.float64(witness.turn);
  into.float64(witness.version);
  serializer.write(value, into);
}

export function writeError(correlation: number, error: unknown, serializer: Serializer, into: ByteWriter): void {
  into.uint8(EnvelopeKind.error);
  into.float64(correlation);
  serializer.write(describeError(error), into);
}

export function writeRejection(correlation: number, target: string, { why, location }: Rejection, into: ByteWriter): void {
  into.uint8(EnvelopeKind.rejection);
  into.float64(correlation);
  into.longText(target);
  into.longText(why.slice(0, 1_000));
  into.uint8(location === undefined ? 0 : 1);
  if (location === undefined) return;
  into.longText(location.actor);
  into.longText(location.activation);
  into.longText(location.node.name);
  into.float64(location.node.incarnation);
  into.longText(location.address);
}

/** Reads any actor message. @throws MoonpoolError MALFORMED_PAYLOAD */
export function readEnvelope(payload: Buffer, serializer: Serializer): RequestEnvelope | ReplyEnvelope {
  const reader = new ByteReader(payload);
  const kind = reader.uint8();
  const correlation = reader.float64();
  switch (kind) {
    case EnvelopeKind.request:
    case EnvelopeKind.oneWay:
      return readRequest(kind, correlation, reader, serializer);
    case EnvelopeKind.value: {
      const witness = { epoch: reader.float64(), turn: reader.float64(), version: reader.float64() };
      return { kind, correlation, witness, value: serializer.read(reader.rest()) };
    }
    case EnvelopeKind.error:
      return { kind, correlation, error: restoreError(serializer.read(reader.rest())) };
    case EnvelopeKind.rejection: {
      const target = reader.longText();
      const why = reader.longText();
      const location = reader.uint8() === 0 ? undefined : readRegistration(reader);
      return { kind, correlation, target, rejection: { why, location } };
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
): RequestEnvelope {
  const incarnation = reader.float64();
  const remainingMs = reader.uint32();
  const target = reader.longText();
  const method = reader.shortText();
  const chainLength = reader.uint8();
  const chain = chainLength === 0 ? NO_CHAIN : Array.from({ length: chainLength }, () => reader.longText());
  const args = serializer.read(reader.rest());
  if (!Array.isArray(args)) throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `The arguments of ${target} are no list` });
  return { kind, correlation, incarnation, remainingMs, target, method, chain, args };
}

const NO_CHAIN: readonly string[] = [];

function readRegistration(reader: ByteReader): Registration {
  const actor = reader.longText();
  const activation = reader.longText();
  const node = { name: reader.longText(), incarnation: reader.float64() };
  return { actor, activation, node, address: reader.longText() };
}
