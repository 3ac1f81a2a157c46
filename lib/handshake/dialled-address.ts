import { crc32c } from '../wire/crc32c';

/**
 * What a greeting says of the address that was dialled, for it has no room for addresses of any length: a checksum. A process has one link to each address by which
 * it calls another, few of each; whoever is called tells by it which of its connections follow each other, and which stand side by side.
 */
export function markOfAddress(address: string): number {
  return crc32c(Buffer.from(address));
}
