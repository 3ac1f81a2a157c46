import { BoundReferences } from '../../lib/actor/bound-references';
import { ReferencePort } from '../../lib/calls/reference-port';
import type { CallScope } from '../../lib/calls/request';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { readEnvelope } from '../../lib/messaging/envelope-reader';
import type { MoonpoolError } from '../../lib/errors/moonpool-error';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { connectionOf } from '../calls/call-fixture';

export const serializer = new JsonSerializer();

/** A message that was sent. */
export type Envelope = ReturnType<typeof readEnvelope>;

export function readMessage(payload: Buffer): Envelope {
  return readEnvelope(payload, serializer, new BoundReferences<CallScope>(new ReferencePort()));
}

/** A message as bytes. */
export function bytesOf(write: (into: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  write(writer);
  return writer.take();
}

/** A connection to the node of that name, and what was sent by it. */
export interface SentConnection {
  readonly connection: PacketConnection;
  readonly sent: Envelope[];
  /** Cut by this side, and why. */
  readonly closed: MoonpoolError[];
}

/** @param more what else is to be seen of it. */
export function sentConnection(name: string, more: Partial<PacketConnection> = {}): SentConnection {
  const [sent, closed]: [Envelope[], MoonpoolError[]] = [[], []];
  const writer = new ByteWriter();
  const connection = connectionOf(name, {
    begin: () => writer,
    end: () => void sent.push(readMessage(writer.take())),
    abandon: () => void writer.take(),
    close: (error) => void closed.push(error),
    // Both clocks show the same.
    clock: { own: (moment: number) => moment, momentOf: (shown: number) => shown } as PacketConnection['clock'],
    traffic: { hasSeenFarewell: false } as PacketConnection['traffic'],
    ...more,
  });
  return { connection, sent, closed };
}
