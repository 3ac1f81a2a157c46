import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import type { ErrorCode } from '../errors/catalogue';

/** A refusal is a sentence; more of it is neither sent nor read. */
const MAX_REFUSAL_BYTES = 800;

/** The reasons that the other side learns as an error of its own; the first byte of a refusal is the place in this list. */
const REASONS: readonly ErrorCode[] = [
  'HANDSHAKE_REFUSED',
  'AUTHENTICATION_FAILED',
  'TOO_MANY_CONNECTIONS',
  'TLS_FAILED',
];

export function refusal(why: string): MoonpoolError {
  return new MoonpoolError('HANDSHAKE_REFUSED', { message: `The handshake was refused: ${why}` });
}

export function authenticationFailure(why: string): MoonpoolError {
  return new MoonpoolError('AUTHENTICATION_FAILED', { message: `The handshake was refused: ${why}` });
}

/** The first bytes of a record of TLS: its greeting or its alert, then the version. As the length of a packet they would be too large. */
const TLS_RECORDS: readonly number[] = [0x15, 0x16];
const TLS_VERSION = 0x03;

/** The letters of protocols that talk in lines, such as HTTP: four of them, read as the length of a packet, are always too large for a greeting. */
const WORDS = /^[\t\r\n -~]{4}/;
const MAX_WORDS = 60;

/** The better explanation for first bytes that cannot be read, if they are those of another protocol; otherwise the given one. */
export function explainUnreadable(bytes: Uint8Array, error: unknown): unknown {
  if (TLS_RECORDS.includes(bytes[0] ?? 0) && bytes[1] === TLS_VERSION)
    return new MoonpoolError('TLS_FAILED', {
      message: 'The handshake was refused: the other side speaks TLS, this side does not',
    });
  const words = Buffer.from(bytes.subarray(0, MAX_WORDS)).toString('latin1');
  // Garbled greetings of our own announce what they like; a checksum that does not fit is theirs.
  if (!isMoonpoolError(error, 'PACKET_TOO_LARGE') || !WORDS.test(words)) return error;
  const [line = ''] = words.split(/[\r\n]/, 1);
  return new MoonpoolError('HANDSHAKE_REFUSED', {
    message: `The handshake was refused: the other side is no process of Moonpool, for it begins with '${outsideText(line)}'`,
    remedy:
      'Give the address at which a node listens; other servers, monitoring among them, have addresses of their own.',
  });
}

/** True for the errors that one side of a handshake tells the other. */
export function isRefusal(error: unknown): error is MoonpoolError {
  return isMoonpoolError(error) && REASONS.includes(error.code);
}

/** A refusal as it travels: its reason in one byte, then a sentence. */
export function refusalPayload(error: unknown): Buffer {
  const reason = isRefusal(error) ? REASONS.indexOf(error.code) : 0;
  const why = isMoonpoolError(error) ? error.detail : 'the handshake failed';
  return Buffer.concat([Buffer.of(reason), Buffer.from(why).subarray(0, MAX_REFUSAL_BYTES)]);
}

/** The refusal of the other side as an error of this one. */
export function refusalIn(payload: Buffer): MoonpoolError {
  const code = REASONS[payload[0] ?? 0] ?? 'HANDSHAKE_REFUSED';
  return new MoonpoolError(code, {
    message: `The other side says: ${outsideText(payload.toString('utf8', 1, MAX_REFUSAL_BYTES), MAX_REFUSAL_BYTES)}`,
  });
}
