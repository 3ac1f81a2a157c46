import { createHmac, timingSafeEqual } from 'node:crypto';
import { MoonpoolError } from '../errors/moonpool-error';
import type { HandshakeSide } from './handshake-side';

/** The length of a proof: that of SHA-256. */
export const PROOF_BYTES = 32;
/** The length of the number that each side contributes to a proof. */
export const NONCE_BYTES = 32;
/** A shorter secret could be found by trying. */
export const MIN_SECRET_BYTES = 16;

/** What a proof is of differs for each direction, so that no side can be answered with its own proof. */
const LABELS: Readonly<Record<HandshakeSide, string>> = {
  dialler: 'moonpool handshake 1, dialler\0',
  acceptor: 'moonpool handshake 1, acceptor\0',
};

/** Nothing that is proven in a handshake begins so. */
const FINGERPRINT_LABEL = 'moonpool fingerprint 1\0';
const FINGERPRINT_DIGITS = 8;

/** The greetings of both sides, byte for byte as they travelled. */
export interface Transcript {
  readonly dialler: Uint8Array;
  readonly acceptor: Uint8Array;
}

/**
 * The secrets that the nodes of a cluster share. A side proves that it knows one by HMAC-SHA-256 over both greetings,
 * which hold a fresh nonce of each side; the secret itself never travels. Several are known while they are replaced: whoever
 * dials proves that it knows its first, a proof by any is accepted, and answered with a proof by the same.
 */
export class ClusterSecret {
  // Private to the language too, so that no log of the object shows it.
  readonly #secrets: readonly Buffer[];

  /** @throws MoonpoolError INVALID_OPTION for a secret that is shorter than 16 bytes, or for none at all. */
  constructor(secrets: string | readonly string[]) {
    const list: readonly unknown[] = typeof secrets === 'string' ? [secrets] : secrets;
    // What was given is not quoted: it may be a secret.
    const isUsable =
      Array.isArray(list) &&
      list.length > 0 &&
      list.every((secret) => typeof secret === 'string' && Buffer.byteLength(secret) >= MIN_SECRET_BYTES);
    if (!isUsable) {
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The option security.clusterSecret must be a text of at least ${MIN_SECRET_BYTES} bytes, or a list of such texts; ${kindOf(list)} was given`,
        remedy: "Generate one with: node -e \"console.log(require('node:crypto').randomBytes(32).toString('base64'))\"",
      });
    }
    this.#secrets = (list as readonly string[]).map((secret) => Buffer.from(secret));
  }

  /**
   * What tells the secrets of two processes apart where they cannot talk, in the order of the secrets. So short that whoever reads the
   * fingerprint and tries secrets against it is told little: one wrong secret of four billion fits.
   */
  fingerprints(cluster: string): readonly string[] {
    return this.#secrets.map((secret) =>
      createHmac('sha256', secret).update(FINGERPRINT_LABEL).update(cluster).digest('hex').slice(0, FINGERPRINT_DIGITS),
    );
  }

  /** The proof of a side that it knows one of the secrets, by default the first. */
  prove(side: HandshakeSide, transcript: Transcript, number = 0): Buffer {
    return proofBy(this.#secrets[number] as Buffer, side, transcript);
  }

  /**
   * Which of the secrets the proof of that side was made with; undefined for none. Takes as long for a wrong proof as for a
   * right one.
   */
  matching(proof: Uint8Array, side: HandshakeSide, transcript: Transcript): number | undefined {
    if (proof.length !== PROOF_BYTES) return undefined;
    const matches = this.#secrets.map((secret) => timingSafeEqual(proof, proofBy(secret, side, transcript)));
    const number = matches.indexOf(true);
    return number < 0 ? undefined : number;
  }
}

function proofBy(secret: Buffer, side: HandshakeSide, { dialler, acceptor }: Transcript): Buffer {
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(dialler.length, 0);
  lengths.writeUInt32LE(acceptor.length, 4);
  return createHmac('sha256', secret).update(LABELS[side]).update(lengths).update(dialler).update(acceptor).digest();
}

/** What was given, without a word of it. */
function kindOf(given: unknown): string {
  if (!Array.isArray(given)) return `a value of type ${typeof given}`;
  if (given.length === 0) return 'an empty list';
  return given.every((secret) => typeof secret === 'string') ? 'a shorter text' : 'a list of other things';
}
