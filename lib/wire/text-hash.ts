import { crc32c } from './crc32c';

/**
 * A number of 32 bits that is the same for a text in every process and release: the CRC-32C, mixed by the finalizer of MurmurHash3 (Austin Appleby), for
 * checksums of similar texts lie close to each other. No protection from those who choose texts.
 */
export function hashOf(text: string): number {
  let hash = crc32c(Buffer.from(text));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
