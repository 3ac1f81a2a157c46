import { MoonpoolError } from '../../errors/moonpool-error';
import { MAX_DEPTH } from '../../serialization/value-limits';

/** A tagged value is an object around a list of lists, so three levels of the format may stand for one of the value. */
const MAX_LEVELS = MAX_DEPTH * 3;

/**
 * Looks through bytes before a decoder makes anything of them: every announced length must be there, for a decoder allocates
 * what is announced; nesting is bounded; and types of extensions are refused, for they make objects of classes. The format:
 * https://github.com/msgpack/msgpack/blob/master/spec.md
 * @throws MoonpoolError MALFORMED_PAYLOAD
 */
export function checkMsgpack(bytes: Buffer): void {
  const end = skipValue(bytes, 0, 0);
  if (end !== bytes.length) throw malformed(`${bytes.length - end} bytes follow the value`);
}

/** Where the value ends that begins here. */
function skipValue(bytes: Buffer, at: number, level: number): number {
  if (level > MAX_LEVELS) throw malformed(`values are nested deeper than ${MAX_LEVELS}`);
  const head = byteAt(bytes, at);
  if (head <= 0x7f || head >= 0xe0) return at + 1;
  if (head <= 0x8f) return skipValues(bytes, at + 1, (head & 0x0f) * 2, level);
  if (head <= 0x9f) return skipValues(bytes, at + 1, head & 0x0f, level);
  if (head <= 0xbf) return skipBytes(bytes, at + 1, head & 0x1f);
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return at + 1;
    case 0xc4:
    case 0xd9:
      return skipBytes(bytes, at + 2, lengthAt(bytes, at + 1, 1));
    case 0xc5:
    case 0xda:
      return skipBytes(bytes, at + 3, lengthAt(bytes, at + 1, 2));
    case 0xc6:
    case 0xdb:
      return skipBytes(bytes, at + 5, lengthAt(bytes, at + 1, 4));
    case 0xca:
    case 0xce:
    case 0xd2:
      return skipBytes(bytes, at + 1, 4);
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return skipBytes(bytes, at + 1, 8);
    case 0xcc:
    case 0xd0:
      return skipBytes(bytes, at + 1, 1);
    case 0xcd:
    case 0xd1:
      return skipBytes(bytes, at + 1, 2);
    case 0xdc:
      return skipValues(bytes, at + 3, lengthAt(bytes, at + 1, 2), level);
    case 0xdd:
      return skipValues(bytes, at + 5, lengthAt(bytes, at + 1, 4), level);
    case 0xde:
      return skipValues(bytes, at + 3, lengthAt(bytes, at + 1, 2) * 2, level);
    case 0xdf:
      return skipValues(bytes, at + 5, lengthAt(bytes, at + 1, 4) * 2, level);
    default:
      throw malformed(`the type 0x${head.toString(16)}, which no value of ours has`);
  }
}

function skipValues(bytes: Buffer, from: number, count: number, level: number): number {
  // Each value takes a byte at least, so a count beyond what is left is a lie.
  if (count > bytes.length - from)
    throw malformed(`${count} values were announced and ${Math.max(0, bytes.length - from)} bytes are left`);
  let at = from;
  for (let index = 0; index < count; index++) at = skipValue(bytes, at, level + 1);
  return at;
}

function skipBytes(bytes: Buffer, from: number, count: number): number {
  if (from + count > bytes.length)
    throw malformed(`${count} bytes were announced and ${Math.max(0, bytes.length - from)} are left`);
  return from + count;
}

function lengthAt(bytes: Buffer, at: number, width: 1 | 2 | 4): number {
  skipBytes(bytes, at, width);
  return bytes.readUIntBE(at, width);
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw malformed('a value is missing');
  return byte;
}

function malformed(found: string): MoonpoolError {
  return new MoonpoolError('MALFORMED_PAYLOAD', { message: `Received bytes are no MessagePack of ours: ${found}` });
}
