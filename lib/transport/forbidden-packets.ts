import { MoonpoolError } from '../errors/moonpool-error';
import type { Uid } from '../identity/uid';
import { WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { RefusalLog } from '../observability/refusal-log';
import type { ByteWriter } from '../serialization/byte-writer';
import { ByteReader } from '../serialization/byte-reader';
import type { PacketConnection } from '../connection/packet-connection';

const UNAUTHORIZED = wellKnownToken(WellKnownToken.unauthorized);
const NO_NUMBER = 0;
const NUMBER_BYTES = 8;

/** Says that an endpoint does not take what was sent to it: the token that was asked, and the number of the request. */
export function writeUnauthorized(token: Uid, number: number, into: ByteWriter): void {
  for (const word of [token.firstLow, token.firstHigh, token.secondLow, token.secondHigh]) into.uint32(word);
  into.float64(number);
}

/**
 * What clients send that only nodes may send, and what this process learns when it has done so itself. It is answered,
 * counted, and told seldom, since a hostile client may do nothing else.
 */
export class ForbiddenPackets {
  /** How many came. */
  count = 0;

  constructor(private readonly refusals: RefusalLog) {}

  /** Refuses a packet. @param number of the request; by default what its first eight bytes say. */
  refuse(token: Uid, payload: Buffer, from: PacketConnection, number = numberOf(payload)): void {
    this.count++;
    this.refusals.note('a packet was refused', from, () => {
      const { remote } = from;
      const message = `The ${remote?.role ?? 'stranger'} ${remote?.node.name ?? ''} sent a packet for the endpoint ${token.toString()}, which is for nodes of the cluster`;
      return { error: new MoonpoolError('ROLE_FORBIDDEN', { message }) };
    });
    if (from.isClosed) return;
    writeUnauthorized(token, number, from.begin(UNAUTHORIZED));
    from.end();
  }

  /** The other side has refused a packet of this process. @throws MoonpoolError MALFORMED_PAYLOAD */
  wasRefused(payload: Buffer, from: PacketConnection): void {
    const reader = new ByteReader(payload);
    const [firstLow, firstHigh, secondLow, secondHigh] = [
      reader.uint32(),
      reader.uint32(),
      reader.uint32(),
      reader.uint32(),
    ];
    const token = [firstHigh, firstLow, secondHigh, secondLow]
      .map((word) => word.toString(16).padStart(8, '0'))
      .join('');
    this.refusals.note('a packet was refused by the other side', from, () => {
      const message = `${from.remote?.node.name ?? 'The other side'} does not take packets of this process for the endpoint ${token}`;
      return { error: new MoonpoolError('ROLE_FORBIDDEN', { message }) };
    });
  }
}

/** What wants an answer begins with its number. */
function numberOf(payload: Buffer): number {
  return payload.length < NUMBER_BYTES ? NO_NUMBER : payload.readDoubleLE(0);
}
