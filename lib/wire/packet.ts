/**
 * A packet on the wire, little-endian: `[length u32][crc32c u32][token 16 bytes][payload]`. The length counts the whole
 * packet, header included; the checksum covers token and payload.
 */
export const PACKET_HEADER_BYTES = 24;
/** Where the token begins, and with it what the checksum covers. */
export const PACKET_TOKEN_OFFSET = 8;
/** The largest packet, header included, unless configured: a payload of 1 MiB. */
export const DEFAULT_MAX_PACKET_BYTES = 1024 * 1024 + PACKET_HEADER_BYTES;
