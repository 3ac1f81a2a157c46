import { Uid } from '../../lib/identity/uid';
import { WellKnownToken, wellKnownToken } from '../../lib/identity/well-known-token';
import { EnvelopeKind, type RequestEnvelope } from '../../lib/messaging/envelope';
import {
  writeCancel,
  writeError,
  writeNoted,
  writePlainFailure,
  writeProbe,
  writeRejection,
  writeRequest,
  writeValue,
} from '../../lib/messaging/envelope-writer';
import { Protocol2Messages } from '../../lib/messaging/protocol-2-messages';
import { writeProtocol2Hello } from '../../lib/handshake/protocol-2-greeting';
import { writeRefusal, writeReplyHeader, writeRequestHeader, ReplyOutcome } from '../../lib/rpc/rpc-packet';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { describeError } from '../../lib/serialization/error-codec';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { writeHello } from '../../lib/handshake/greeting-codec';
import { LocalNode } from '../../lib/identity/local-node';
import { writeAcknowledgement, writeMessageHead, writeOpening } from '../../lib/transport/reliable-frame';

/** A packet as a right-minded peer sends it. */
export interface GoldenPacket {
  readonly name: string;
  readonly token: Uid;
  readonly payload: Buffer;
  /** Sent before the handshake is done, in place of what belongs there. */
  readonly isGreeting?: boolean;
  /** Sent by a peer that greets in this version of the protocol. Default: 3. */
  readonly protocol?: 2 | 3;
}

/** The endpoint that the victims serve with a request stream. */
export const SERVED = Uid.of(0xca1c_0000n, 1n);

const json = new JsonSerializer();

/** Every kind of value that can travel. */
const RICH_VALUE = {
  text: 'käse \u{1f9c0}',
  number: -1.5e300,
  nothing: null,
  absent: undefined,
  nan: Number.NaN,
  minusZero: -0,
  large: 2n ** 80n,
  date: new Date(86_400_000),
  map: new Map<unknown, unknown>([
    ['a', 1],
    [{ b: 2 }, new Set([1, 'x'])],
  ]),
  bytes: Uint8Array.of(1, 2, 3),
  floats: Float64Array.of(0.5),
  $: 'an ordinary key',
  nested: { list: [1, [2, [3, [4]]]] },
};

function payloadOf(write: (into: ByteWriter) => void): Buffer {
  const into = new ByteWriter();
  write(into);
  return into.take();
}

function actorMessage(name: string, write: (into: ByteWriter) => void): GoldenPacket {
  return { name, token: wellKnownToken(WellKnownToken.actorMessage), payload: payloadOf(write) };
}

function request(envelope: Partial<RequestEnvelope>): (into: ByteWriter) => void {
  const whole: RequestEnvelope = {
    kind: EnvelopeKind.request,
    correlation: 17,
    incarnation: 0,
    deadline: 1e12,
    target: 'fuzz/Target/key',
    method: 'echo',
    chain: [],
    values: undefined,
    isCancellable: false,
    isAnsweredOnArrival: false,
    hops: 0,
    args: [RICH_VALUE],
    ...envelope,
  };
  return (into) => writeRequest(whole, json, into);
}

function greeting(name: string, nonce: Uint8Array | undefined): GoldenPacket {
  const local = new LocalNode('node', 'fuzz', 'a peer');
  local.join({ name: 'a peer', incarnation: 3 });
  local.address = '10.0.0.9:5000';
  return { name, token: wellKnownToken(WellKnownToken.hello), payload: writeHello(local, nonce), isGreeting: true };
}

/** The greeting of a process of 0.1.0. */
function oldGreeting(): GoldenPacket {
  const local = new LocalNode('node', 'fuzz', 'an old peer');
  local.join({ name: 'an old peer', incarnation: 3 });
  const payload = writeProtocol2Hello(local, undefined);
  return { name: 'hello of version 2', token: wellKnownToken(WellKnownToken.hello), payload, isGreeting: true };
}

/** A request with a field more than anybody knows. */
function withUnknownField(tag: number): (into: ByteWriter) => void {
  return (into) => {
    const payload = payloadOf(request({ chain: ['fuzz/Target/d'], args: [] }));
    // Behind the head stand the target, the method, and the length of the fields.
    const at = payload.length - '[]'.length;
    const begin = 27 + payload.readUInt16LE(25) + 1 + 'echo'.length;
    payload.writeUInt16LE(payload.readUInt16LE(begin) + 7, begin);
    into.bytes(payload.subarray(0, at));
    into.uint16(tag);
    into.uint16(3);
    into.text('new');
    into.bytes(payload.subarray(at));
  };
}

/** What a process of 0.1.0 sends in place of these. */
function inProtocol2(packets: readonly GoldenPacket[]): readonly GoldenPacket[] {
  const adapter = new Protocol2Messages();
  return packets.map(({ name, token, payload }) => ({
    name: `${name} of version 2`,
    token,
    payload: adapter.outgoing(token, payload),
    protocol: 2,
  }));
}

/** Packets of this release. */
const OWN_PACKETS: readonly GoldenPacket[] = [
  greeting('hello', undefined),
  greeting('hello with a nonce', Buffer.alloc(32, 7)),
  { name: 'proof', token: wellKnownToken(WellKnownToken.proof), payload: Buffer.alloc(32, 9), isGreeting: true },
  {
    name: 'refusal of a handshake',
    token: wellKnownToken(WellKnownToken.unauthorized),
    payload: Buffer.from('\u0001no'),
    isGreeting: true,
  },
  { name: 'ping', token: wellKnownToken(WellKnownToken.ping), payload: Buffer.of(0) },
  {
    name: 'ping with a number',
    token: wellKnownToken(WellKnownToken.ping),
    payload: payloadOf((into) => {
      into.uint8(0);
      into.float64(5);
    }),
  },
  {
    name: 'answer to a ping with a number',
    token: wellKnownToken(WellKnownToken.ping),
    payload: payloadOf((into) => {
      into.uint8(1);
      into.float64(5);
    }),
  },
  { name: 'farewell', token: wellKnownToken(WellKnownToken.farewell), payload: Buffer.alloc(0) },
  {
    name: 'question for the clock',
    token: wellKnownToken(WellKnownToken.ping),
    payload: payloadOf((into) => {
      into.uint8(2);
      into.float64(5);
    }),
  },
  {
    name: 'clock',
    token: wellKnownToken(WellKnownToken.ping),
    payload: payloadOf((into) => {
      into.uint8(3);
      into.float64(-1);
      into.float64(7);
    }),
  },
  actorMessage('request', request({})),
  actorMessage(
    'request with everything',
    request({
      chain: ['fuzz/Target/a', 'fuzz/Target/b'],
      values: { tenant: 't', deep: { a: [1] } },
      isCancellable: true,
      hops: 1,
      incarnation: 1,
    }),
  ),
  actorMessage('request with a payload class', request({ method: 'typed', args: [{ amount: 3, note: 'n' }] })),
  actorMessage('request with an unknown field', withUnknownField(0x0777)),
  actorMessage('request with an unknown field that is critical', withUnknownField(0x8777)),
  // Once more, for most of what can go wrong lies behind a request that is served.
  actorMessage('another request', request({ chain: ['fuzz/Target/c'], args: [] })),
  actorMessage('another request with a payload class', request({ method: 'typed', args: [{ amount: 4, note: '' }] })),
  actorMessage('one-way', request({ kind: EnvelopeKind.oneWay, correlation: 0 })),
  actorMessage('cancel', (into) => writeCancel(17, into)),
  actorMessage('noted', (into) => writeNoted('fuzz/Target/key', into)),
  actorMessage('probe', (into) =>
    writeProbe(
      17,
      'fuzz/Target/key',
      { turn: 'n2#4/1/1', via: 'n2#4:1', round: 1, path: ['fuzz/Target/a', 'fuzz/Target/b'] },
      into,
    ),
  ),
  actorMessage('value', (into) => writeValue(17, { epoch: 1, turn: 2, version: 3 }, RICH_VALUE, json, into)),
  actorMessage('error', (into) =>
    writeError(17, describeError(new RangeError('it is too far', { cause: new Error('why') })), json, into),
  ),
  actorMessage('plain failure', (into) =>
    writePlainFailure(17, { code: 'HANDLER_FAILED', executed: 'yes', message: 'it cannot be told' }, into),
  ),
  actorMessage('rejection', (into) => {
    const location = {
      actor: 'fuzz/Target/key',
      activation: 'x',
      node: { name: 'n2', incarnation: 4 },
      address: '10.0.0.2:5000',
    };
    writeRejection(17, 'fuzz/Target/key', { why: 'not here', location }, true, into);
  }),
  {
    name: 'opening',
    token: wellKnownToken(WellKnownToken.reliable),
    payload: payloadOf((into) => writeOpening(1, false, into)),
  },
  {
    name: 'reliable message',
    token: wellKnownToken(WellKnownToken.reliable),
    payload: payloadOf((into) => {
      writeMessageHead(1, wellKnownToken(WellKnownToken.actorMessage), into);
      request({})(into);
    }),
  },
  {
    name: 'acknowledgement',
    token: wellKnownToken(WellKnownToken.acknowledge),
    payload: payloadOf((into) => writeAcknowledgement({ isSessionUnknown: false, next: 3 }, into)),
  },
  {
    name: 'request of a fixed endpoint',
    token: SERVED,
    payload: payloadOf((into) => {
      writeRequestHeader(9, into);
      json.write(RICH_VALUE, into);
    }),
  },
  {
    name: 'reply',
    token: wellKnownToken(WellKnownToken.reply),
    payload: payloadOf((into) => {
      writeReplyHeader(ReplyOutcome.value, 9, into);
      json.write(RICH_VALUE, into);
    }),
  },
  {
    name: 'endpoint not found',
    token: wellKnownToken(WellKnownToken.endpointNotFound),
    payload: payloadOf((into) => writeRefusal(SERVED, 9, into)),
  },
  {
    name: 'unauthorized',
    token: wellKnownToken(WellKnownToken.unauthorized),
    payload: payloadOf((into) => writeRefusal(SERVED, 9, into)),
  },
  { name: 'unknown endpoint', token: Uid.of(1n, 2n), payload: Buffer.from('who is there') },
];

const ACTOR_MESSAGES = OWN_PACKETS.filter(
  ({ name, token }) => token.equals(wellKnownToken(WellKnownToken.actorMessage)) && !name.includes('unknown field'),
);

/** One or more packets of every kind that there is, in both versions of the protocol. */
export const GOLDEN_PACKETS: readonly GoldenPacket[] = [...OWN_PACKETS, oldGreeting(), ...inProtocol2(ACTOR_MESSAGES)];
