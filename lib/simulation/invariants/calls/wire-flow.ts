import { WellKnownToken } from '../../../identity/well-known-token';
import { EnvelopeKind } from '../../../messaging/envelope';
import { PACKET_HEADER_BYTES, PACKET_TOKEN_OFFSET } from '../../../wire/packet';

/** An actor message on the wire, as far as it must be understood to be counted. */
export interface WireMessage {
  readonly kind: 'request' | 'one-way' | 'answer' | 'rejection';
  readonly correlation: number;
  /** After how many bytes of its stream it ends. */
  readonly endsAt: number;
}

/** What went from one machine to another, over all connections. */
export interface PairAccount {
  requests: number;
  received: number;
  answers: number;
}

const KINDS: ReadonlyMap<number, WireMessage['kind']> = new Map([
  [EnvelopeKind.request, 'request'],
  [EnvelopeKind.oneWay, 'one-way'],
  [EnvelopeKind.value, 'answer'],
  [EnvelopeKind.error, 'answer'],
  [EnvelopeKind.rejection, 'rejection'],
]);

const NO_MESSAGES: readonly WireMessage[] = [];
const CORRELATION_OFFSET = PACKET_HEADER_BYTES + 1;
const ALL_ONES = 0xffff_ffff;

/** One direction of a connection, as its bytes pass by. */
export class WireFlow {
  written = 0;
  taken = 0;
  /** True once something was damaged on its way: what the reader makes of it and of what follows cannot be foretold. */
  isDamaged = false;
  /** True once a fault has ended the connection, which loses what is on its way. */
  isStruck = false;
  /** Requests without an answer yet, and where in the stream each ends. */
  readonly asked = new Map<number, number>();
  /** Requests whose answer has not come. */
  readonly unanswered = new Set<number>();
  /** What needs no answer. */
  readonly sentOneWay = new Set<number>();
  /** True once the sender has said that it has done nothing which it has not answered: its callers may ask elsewhere. */
  hasSaidFarewell = false;
  private isForeign = false;
  private travelling: WireMessage[] = [];

  constructor(readonly account: PairAccount) {}

  /** True when the stream does not carry packets: a test may use the network for something else. */
  get carriesPackets(): boolean {
    return !this.isForeign;
  }

  /** Reads which actor messages are written. A write holds whole packets. */
  write(bytes: Uint8Array): readonly WireMessage[] {
    let messages: WireMessage[] | undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let offset = 0;
    while (!this.isForeign && offset < bytes.length) {
      const length = offset + PACKET_HEADER_BYTES <= bytes.length ? view.getUint32(offset, true) : 0;
      if (length < PACKET_HEADER_BYTES || offset + length > bytes.length) {
        this.isForeign = true;
        break;
      }
      const kind = kindOf(view, offset, length);
      this.hasSaidFarewell ||= isWellKnown(view, offset, WellKnownToken.farewell);
      if (kind !== undefined)
        (messages ??= []).push({
          kind,
          correlation: view.getFloat64(offset + CORRELATION_OFFSET, true),
          endsAt: this.written + offset + length,
        });
      offset += length;
    }
    this.written += bytes.length;
    if (messages === undefined) return NO_MESSAGES;
    for (const message of messages) this.travelling.push(message);
    return messages;
  }

  /** Which messages are whole now that so many more bytes were taken. */
  take(count: number): readonly WireMessage[] {
    this.taken += count;
    const { travelling, taken } = this;
    let whole = 0;
    while (whole < travelling.length && (travelling[whole] as WireMessage).endsAt <= taken) whole++;
    if (whole === 0) return NO_MESSAGES;
    this.travelling = travelling.slice(whole);
    return travelling.slice(0, whole);
  }
}

function kindOf(view: DataView, offset: number, length: number): WireMessage['kind'] | undefined {
  return isWellKnown(view, offset, WellKnownToken.actorMessage) && length >= PACKET_HEADER_BYTES + 9
    ? KINDS.get(view.getUint8(offset + PACKET_HEADER_BYTES))
    : undefined;
}

function isWellKnown(view: DataView, offset: number, number: number): boolean {
  const token = offset + PACKET_TOKEN_OFFSET;
  return (
    view.getUint32(token + 8, true) === number &&
    view.getUint32(token, true) === ALL_ONES &&
    view.getUint32(token + 4, true) === ALL_ONES
  );
}
