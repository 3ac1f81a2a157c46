import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  plainHello,
  plainPacket,
  readPlainPackets,
  wellKnown,
  type PlainHello,
  type PlainPacket,
} from './independent-peer';

/** The kinds of actor messages, as docs/wire-format.md numbers them. */
export const Kind = { request: 1, oneWay: 2, value: 3, error: 4, rejection: 5, cancel: 6, probe: 7, noted: 8 } as const;

const ACTOR_MESSAGE = wellKnown(4);

/** What a request of a plain peer says beside its target and its method. */
export interface PlainRequest {
  readonly kind?: number;
  readonly correlation?: number;
  readonly args?: string;
  /** The fields of its header, in version 3. */
  readonly fields?: Buffer;
}

/**
 * Somebody who speaks the protocol by real sockets and may say whatever they like: no part of the library is used. Unless its greeting says
 * otherwise it speaks version 2, as processes of 0.1.0 do.
 */
export class PlainPeer {
  /** All packets that came, the greeting first. */
  packets: PlainPacket[] = [];
  isCut = false;
  private rest = Buffer.alloc(0);

  private constructor(
    private readonly socket: Socket,
    private readonly protocol: 2 | 3,
  ) {
    socket.on('data', (chunk: Buffer) => {
      const read = readPlainPackets(Buffer.concat([this.rest, chunk]));
      this.packets.push(...read.packets);
      this.rest = Buffer.from(read.rest);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isCut = true;
    });
  }

  /** Connects and greets; settles when the other side has answered, or has cut the connection. */
  static async greet(address: string, hello: PlainHello): Promise<PlainPeer> {
    const [host = '', port = ''] = address.split(':');
    const socket = connect({ host, port: Number(port), noDelay: true });
    const protocol = hello.protocol ?? 2;
    const peer = new PlainPeer(socket, protocol);
    await once(socket, 'connect');
    socket.write(plainPacket(wellKnown(3), plainHello({ ...hello, protocol })));
    while (peer.packets.length === 0 && !peer.isCut) await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return peer;
  }

  /** True when the other side has greeted too, and not refused. */
  get isWelcome(): boolean {
    return this.packets[0]?.token === wellKnown(3);
  }

  /** What the other side said when it refused. */
  get refusal(): string {
    return this.packets.find(({ token }) => token === wellKnown(2))?.payload.toString('utf8', 1) ?? '';
  }

  /** The actor messages that came. */
  get messages(): readonly Buffer[] {
    return this.packets.filter(({ token }) => token === ACTOR_MESSAGE).map(({ payload }) => payload);
  }

  send(token: string, payload: Uint8Array): void {
    this.socket.write(plainPacket(token, payload));
  }

  /** An actor message: its kind, its number, and whatever follows. */
  message(kind: number, correlation: number, rest: Uint8Array = Buffer.alloc(0)): void {
    this.send(ACTOR_MESSAGE, Buffer.concat([Buffer.of(kind), f64(correlation), rest]));
  }

  request(
    target: string,
    method: string,
    { kind = Kind.request, correlation = 1, args = '[]', fields = Buffer.alloc(0) }: PlainRequest = {},
  ): void {
    const name = Buffer.from(method);
    this.message(
      kind,
      correlation,
      Buffer.concat([
        f64(0),
        f64(1e9),
        // In version 2 flags stand before the target, and the length of a chain behind the method.
        this.protocol === 2 ? Buffer.of(0) : Buffer.alloc(0),
        longText(target),
        Buffer.of(name.length),
        name,
        this.protocol === 2 ? Buffer.of(0) : Buffer.concat([Buffer.of(fields.length, 0), fields]),
        Buffer.from(args),
      ]),
    );
  }

  leave(): void {
    this.socket.destroy();
  }
}

export function f64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

export function longText(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length & 0xff, bytes.length >>> 8), bytes]);
}
