import type { Uid } from '../identity/uid';
import { wellKnownNumber, WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { ByteWriter } from '../serialization/byte-writer';
import { PacketBatch } from '../wire/packet-batch';
import { readHello, refusal, writeHello, type Hello } from './hello';
import type { LocalNode } from './local-node';

const HELLO = wellKnownToken(WellKnownToken.hello);
const UNAUTHORIZED = wellKnownToken(WellKnownToken.unauthorized);

/** A refusal is a sentence; more of it is not sent. */
const MAX_REFUSAL_LENGTH = 400;

/** Who begins: the side that dialled greets first, the side that accepted answers. */
export type HandshakeSide = 'dialler' | 'acceptor';

/** What a handshake needs from its node. */
export interface HandshakeSetting {
  readonly local: LocalNode;
  /** Why a peer of this greeting is not to be talked to; undefined when it is welcome. */
  readonly refuses: (hello: Hello) => string | undefined;
}

/** The beginning of a connection: each side says who it is, and nothing else is read or said before. */
export class Handshake {
  /** @param write sends bytes at once, ahead of everything that waits. */
  constructor(
    private readonly side: HandshakeSide,
    private readonly setting: HandshakeSetting,
    private readonly write: (bytes: Uint8Array) => void,
  ) {}

  begin(): void {
    if (this.side === 'dialler') this.greet();
  }

  /**
   * Takes the first packet of the other side and returns its greeting. The side that accepted answers with its own, or
   * says why it does not. @throws MoonpoolError HANDSHAKE_REFUSED, MALFORMED_PAYLOAD
   */
  receive(token: Uid, payload: Buffer): Hello {
    const number = wellKnownNumber(token);
    if (number === WellKnownToken.unauthorized) throw refusal(`the other side says: ${payload.toString('utf8', 0, MAX_REFUSAL_LENGTH * 2)}`);
    if (number !== WellKnownToken.hello) throw refusal('the other side did not greet first');
    try {
      const hello = readHello(payload, this.setting.local.cluster);
      const why = this.setting.refuses(hello);
      if (why !== undefined) throw refusal(why);
      if (this.side === 'acceptor') this.greet();
      return hello;
    } catch (error) {
      if (this.side === 'acceptor') this.sayWhy(error);
      throw error;
    }
  }

  private greet(): void {
    this.send(HELLO, (into) => writeHello(this.setting.local, into));
  }

  private sayWhy(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.send(UNAUTHORIZED, (into) => into.text(why.slice(0, MAX_REFUSAL_LENGTH)));
  }

  private send(token: Uid, write: (into: ByteWriter) => void): void {
    const batch = new PacketBatch();
    write(batch.begin(token));
    batch.end();
    this.write(batch.take());
  }
}
