import { type FlowTransport, type RequestStream, Uid } from 'moonpool/rpc';

/** Where pings are taken: a token that both sides know. */
export const PING = Uid.of(0x9199n, 0n);

/** What a ping says; every tenth is one that nobody answers. */
export interface Ping {
  readonly sequence: number;
}

/** Takes pings until the stream is closed. A ping whose handler ends without an answer is a broken promise to its caller. */
export function answerPings(
  transport: FlowTransport,
  onPing: (ping: Ping) => void = () => undefined,
): RequestStream<Ping, string> {
  const pings = transport.requestStream<Ping, string>(PING, { name: 'ping' });
  pings.serve((ping, reply) => {
    onPing(ping);
    if (ping.sequence % 10 !== 0) reply.fulfil(`pong ${ping.sequence}`);
  });
  return pings;
}
