import { ByteReader } from '../serialization/byte-reader';
import { ByteWriter } from '../serialization/byte-writer';
import { beginField, beginFields, endField, endFields, readFields } from '../wire/header-fields';
import { DEFAULT_MAX_PACKET_BYTES } from '../wire/packet';
import {
  MAGIC,
  MAX_HANDSHAKE_BYTES,
  malformedGreeting,
  readIdentity,
  writeIdentity,
  type Hello,
  type SaidIdentity,
} from './hello';
import { describeProtocols, FEATURES, newestCommon, PROTOCOLS, type ProtocolRange } from './protocol';
import { PROTOCOL_2, readProtocol2Hello } from './protocol-2-greeting';
import { refusal } from './refusal';

/** What a greeting may say beside who somebody is, by tag. */
const GreetingField = { features: 0x0001, maxPacketBytes: 0x0002, dialled: 0x0003 } as const;

/** How many features a side may name. */
const MAX_FEATURES = 64;

/** The greeting of this process. @param nonce of 32 bytes when it has a cluster secret. */
export function writeHello(
  local: SaidIdentity,
  nonce: Uint8Array | undefined,
  { oldest, newest }: ProtocolRange = PROTOCOLS,
  features: readonly string[] = FEATURES,
): Buffer {
  const into = new ByteWriter();
  into.uint32(MAGIC);
  into.uint16(newest);
  into.uint16(oldest);
  writeIdentity(local, nonce, into);
  const section = beginFields(into);
  const field = beginField(GreetingField.features, into);
  for (const feature of features) into.shortText(feature);
  endField(field, into);
  const { maxPacketBytes = DEFAULT_MAX_PACKET_BYTES } = local;
  if (maxPacketBytes !== DEFAULT_MAX_PACKET_BYTES) {
    const limit = beginField(GreetingField.maxPacketBytes, into);
    into.uint32(maxPacketBytes);
    endField(limit, into);
  }
  if (local.dialled !== undefined) {
    const dialled = beginField(GreetingField.dialled, into);
    into.uint32(local.dialled);
    endField(dialled, into);
  }
  endFields(section, into);
  return into.take();
}

/**
 * Reads a greeting, checks that it comes from this cluster, and finds the version that both sides speak.
 * @throws MoonpoolError HANDSHAKE_REFUSED, MALFORMED_PAYLOAD, UNKNOWN_HEADER_FIELD
 */
export function readHello(payload: Buffer, expectedCluster: string, own: ProtocolRange = PROTOCOLS): Hello {
  const reader = new ByteReader(payload);
  if (reader.uint32() !== MAGIC) throw refusal('the other side does not speak this protocol');
  const newest = reader.uint16();
  const isOld = newest <= PROTOCOL_2;
  const theirs = { oldest: isOld ? newest : reader.uint16(), newest };
  const protocol = newestCommon(theirs, own);
  if (protocol === undefined)
    throw refusal(
      `the other side speaks ${describeProtocols(theirs)} of the protocol, this side ${describeProtocols(own)}`,
    );
  if (isOld) return readProtocol2Hello(reader, expectedCluster);
  const identity = readIdentity(reader, expectedCluster);
  const said = readSaid(reader);
  if (reader.remaining > 0) throw malformedGreeting(`${reader.remaining} bytes behind its end`);
  return { ...identity, protocol, ...said };
}

function readSaid(reader: ByteReader): Pick<Hello, 'features' | 'maxPacketBytes' | 'dialled'> {
  const features = new Set<string>();
  let maxPacketBytes = DEFAULT_MAX_PACKET_BYTES;
  let dialled: number | undefined;
  const take = (tag: number, end: number): boolean => {
    if (tag === GreetingField.maxPacketBytes) {
      maxPacketBytes = reader.uint32();
      if (maxPacketBytes < MAX_HANDSHAKE_BYTES) throw malformedGreeting(`packets of ${maxPacketBytes} bytes at most`);
      return true;
    }
    if (tag === GreetingField.dialled) {
      dialled = reader.uint32();
      return true;
    }
    if (tag !== GreetingField.features) return false;
    while (reader.position < end) features.add(reader.shortText());
    if (features.size > MAX_FEATURES) throw malformedGreeting(`${features.size} features`);
    return true;
  };
  readFields(reader, reader.uint16(), take, 'a greeting');
  return { features, maxPacketBytes, dialled };
}
