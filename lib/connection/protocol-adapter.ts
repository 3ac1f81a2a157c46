import type { Uid } from '../identity/uid';
import { token } from '../injection/token';
import { PacketBatch } from '../wire/packet-batch';
import { PacketReader } from '../wire/packet-reader';

/**
 * What differs between this release and an earlier version of the protocol, packet by packet: all else of a release knows one version only. It
 * is used on connections to processes of that version, and is deleted as a whole when that is spoken no more.
 */
export interface ProtocolAdapter {
  readonly version: number;
  /** The payload of a packet of that version, as this release has it. What cannot be read is returned as it is, to be refused. */
  incoming(token: Uid, payload: Buffer): Buffer;
  /** The payload of a packet of this release, as that version has it; never longer. */
  outgoing(token: Uid, payload: Buffer): Buffer;
}

/** The adapters of a process, by their versions. */
export type ProtocolAdapters = ReadonlyMap<number, ProtocolAdapter>;
export const ProtocolAdapters = token<ProtocolAdapters>('ProtocolAdapters');

/** A batch of whole packets, as the version of the adapter has them. */
export function adaptBatch(bytes: Uint8Array, adapter: ProtocolAdapter): Uint8Array {
  const batch = new PacketBatch(bytes.length);
  const reader = new PacketReader((packetToken, payload) => {
    batch.begin(packetToken).bytes(adapter.outgoing(packetToken, payload));
    batch.end();
  }, bytes.length);
  reader.read(bytes);
  return batch.take();
}
