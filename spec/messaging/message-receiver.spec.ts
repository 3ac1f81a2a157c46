import { expect } from 'chai';
import type { DroppedMessages } from '../../lib/messaging/dropped-messages';
import { STATIC } from '../../lib/addressing/static-addressing';
import { VIRTUAL } from '../../lib/addressing/virtual-addressing';
import type { Invocation } from '../../lib/calls/invocation';
import { PendingCalls } from '../../lib/calls/pending-calls';
import { DeliveryPort, type Request } from '../../lib/calls/request';
import { RefusalReason } from '../../lib/calls/turn-refusal';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import type { MoonpoolError } from '../../lib/errors/moonpool-error';
import { EnvelopeKind, MAX_HOPS, type RequestEnvelope } from '../../lib/messaging/envelope';
import {
  writeCancel,
  writeNoted,
  writeProbe,
  writeRejection,
  writeRequest,
  writeValue,
} from '../../lib/messaging/envelope-writer';
import { MessageReceiver, type MessageReceiverParts } from '../../lib/messaging/message-receiver';
import { Restraint } from '../../lib/messaging/restraint';
import type { ActorDescriptor } from '../../lib/metadata/actor-descriptor';
import { CALL_METRICS } from '../../lib/observability/metric-catalogue';
import { MetricRegistry } from '../../lib/observability/metric-registry';
import type { ByteWriter } from '../../lib/serialization/byte-writer';
import { CallMaker, handlerOf, localNode } from '../calls/call-fixture';
import { ManualTime } from '../scheduling/manual-time';
import { bytesOf, sentConnection, serializer, type SentConnection } from './message-fixture';

const path = 'spec/Account/alice';
const witness = { epoch: 1, turn: 2, version: 3 };
const location = { actor: path, activation: 'n3#3/1', node: { name: 'n3', incarnation: 3 }, address: 'n3:1' };

describe('The receiver of messages', () => {
  let receive: (payload: Buffer, from: PacketConnection) => void;
  let lose: (connection: PacketConnection) => void;
  let receiver: MessageReceiver;
  let pending: PendingCalls;
  let maker: CallMaker;
  /** Requests that have come to the catalog, which does nothing about them. */
  let delivered: Request[];
  let log: string[];
  let isLeaseHeld: boolean;
  let from: SentConnection;
  let metrics: MetricRegistry;

  function parts(): MessageReceiverParts {
    const port = new DeliveryPort('spec');
    port.connect({
      has: (actor) => actor === 'spec/Account/active',
      receive: (request) => {
        if (request.method === 'explode') throw new Error('the catalog has a bug');
        delivered.push(request);
      },
      follow: (actor, call) => log.push(`a probe follows ${call} of ${actor}`),
    });
    const descriptors = new Map(
      [
        ['Account', VIRTUAL],
        ['Pulse', STATIC],
      ].map(([name, addressing]) => [
        name as string,
        { name, addressing, handlers: new Map([['work', handlerOf('work')]]) } as unknown as ActorDescriptor,
      ]),
    );
    const transport = {
      endpoints: { register: (_token: unknown, listener: typeof receive) => (receive = listener) },
      forbidden: { refuse: () => log.push('it was forbidden') },
      onConnectionLost: (listener: typeof lose) => (lose = listener),
    } as unknown as MessageReceiverParts['transport'];
    const known = {
      onRejected: (actor: string, to: typeof location | undefined) =>
        log.push(`${actor} is ${to === undefined ? 'nowhere' : `on ${to.node.name}`}`),
    } as unknown as MessageReceiverParts['known'];
    return {
      local: maker.local,
      port,
      pending,
      known,
      lease: {
        get held() {
          return isLeaseHeld;
        },
      } as MessageReceiverParts['lease'],
      transport,
      serializer,
      time: new ManualTime(),
      refusals: { note: (what: string) => log.push(what) } as unknown as MessageReceiverParts['refusals'],
      references: maker.references,
      bus: {
        passOn: ({ target, options }: Invocation, _request, hops) =>
          log.push([`${target.id.path} is forwarded`, hops, ...Object.values(options ?? {})].join(', ')),
        dropped: {
          note: (actor: string, method: string) => log.push(`${method} of ${actor} was dropped`),
        } as unknown as DroppedMessages,
        hasMade: (correlation) => correlation < 100,
      },
      router: { noteRejected: ({ target }) => log.push(`the rejection of ${target} is noted`) },
      metrics,
      restraint: new Restraint(new ManualTime()),
      descriptors,
    };
  }

  beforeEach(() => {
    [delivered, log] = [[], []];
    isLeaseHeld = true;
    metrics = new MetricRegistry();
    maker = new CallMaker(localNode('n1'));
    pending = new PendingCalls(new ManualTime(), { onGone: () => undefined, onMissed: () => undefined });
    maker.onEnd = (call) => pending.remove(call);
    from = sentConnection('n2');
    receiver = new MessageReceiver(parts());
  });

  /** A request has come. */
  function arrive(more: Partial<RequestEnvelope> = {}, by = from): void {
    const whole: RequestEnvelope = {
      kind: EnvelopeKind.request,
      correlation: 7,
      incarnation: 1,
      deadline: 1_000,
      target: path,
      method: 'work',
      chain: [],
      values: undefined,
      isCancellable: false,
      isAnsweredOnArrival: false,
      hops: 0,
      args: ['now'],
      ...more,
    };
    receive(
      bytesOf((into) => writeRequest(whole, serializer, into)),
      by.connection,
    );
  }

  it('gives requests to the catalog, and sends back what becomes of them', () => {
    arrive();
    expect(delivered[0]).to.deep.include({ method: 'work', args: ['now'], deadline: 1_000 });
    delivered[0]?.reply.value('done', witness);
    expect(from.sent).to.deep.equal([{ kind: EnvelopeKind.value, correlation: 7, witness, value: 'done' }]);
  });

  it('rejects what is meant for another life of its node, and all that is not active here while it has no lease', () => {
    arrive({ incarnation: 2 });
    isLeaseHeld = false;
    arrive({ correlation: 8, target: 'spec/Account/bob' });
    arrive({ correlation: 9, target: 'spec/Account/active' });
    expect(from.sent.map(({ kind, correlation }) => [kind, correlation])).to.deep.equal([
      [EnvelopeKind.rejection, 7],
      [EnvelopeKind.rejection, 8],
    ]);
    expect(delivered).to.have.length(1);
  });

  it('answers nothing without a lease, and says whether the call had begun', () => {
    for (const correlation of [7, 8]) arrive({ correlation });
    const [begun, waiting] = delivered as [Request, Request];
    begun.started = true;
    isLeaseHeld = false;
    begun.reply.value('done', witness);
    waiting.reply.error(new Error('it has failed'));
    const errors = from.sent.map((envelope) => ('error' in envelope ? (envelope.error as MoonpoolError) : undefined));
    expect(errors.map((error) => [error?.code, error?.executed])).to.deep.equal([
      ['NODE_FENCED', 'maybe'],
      ['NODE_FENCED', 'no'],
    ]);
  });

  it('rejects what follows a rejected call by the same connection, until the other side has noted that', () => {
    arrive();
    delivered[0]?.reply.reject({ why: 'the actor is elsewhere', location });
    arrive({ correlation: 8 });
    expect(from.sent.map((envelope) => 'isToBeNoted' in envelope && envelope.isToBeNoted)).to.deep.equal([true, false]);
    arrive({ correlation: 9 }, sentConnection('n4'));
    receive(
      bytesOf((into) => writeNoted(path, into)),
      from.connection,
    );
    arrive({ correlation: 10 });
    expect(delivered).to.have.length(3);
    expect(receiver.kept.rejectedActors).to.equal(0);
  });

  it('cuts a connection by which a call comes that its sender has left for a later one, but for what is called by address', () => {
    const [older, newer] = [sentConnection('n2', { order: 1 }), sentConnection('n2', { order: 2 })];
    arrive({}, newer);
    arrive({ target: 'spec/Pulse' }, older);
    expect([delivered.length, older.closed]).to.deep.equal([2, []]);
    arrive({}, older);
    expect(delivered).to.have.length(2);
    expect(older.closed).to.have.length(1);
  });

  it('forwards a message that cannot be served here and that nobody will send again', () => {
    arrive({ kind: EnvelopeKind.oneWay });
    delivered[0]?.reply.reject({ why: 'the actor is elsewhere', location });
    expect(log).to.deep.equal([`${path} is on n3`, `${path} is forwarded, 1`]);
    log.length = 0;
    arrive({ kind: EnvelopeKind.oneWay, target: 'spec/Pulse' });
    delivered[1]?.reply.reject({ why: 'the node is stopping' });
    expect(log).to.deep.equal(['work of spec/Pulse was dropped']);
  });

  it('forwards a message with the key by which it is executed once', () => {
    arrive({ kind: EnvelopeKind.oneWay, idempotencyKey: 'order 5' });
    delivered[0]?.reply.reject({ why: 'the actor is elsewhere', location });
    expect(log.at(-1)).to.equal(`${path} is forwarded, 1, order 5`);
  });

  it('lets a call be cancelled until it is answered', () => {
    const cancel = bytesOf((into) => writeCancel(7, into));
    arrive({ isCancellable: true });
    expect(receiver.kept.cancellableRequests).to.equal(1);
    receive(cancel, sentConnection('n4').connection);
    expect(delivered[0]?.abandoned).to.equal(false);
    receive(cancel, from.connection);
    expect(delivered[0]?.abandoned).to.equal(true);
    expect(receiver.kept.cancellableRequests).to.equal(0);
  });

  it('keeps nothing of a connection that is gone', () => {
    arrive({ isCancellable: true });
    delivered[0]?.reply.reject({ why: 'the actor is elsewhere' });
    arrive({ correlation: 8, target: 'spec/Account/bob', isCancellable: true });
    lose(from.connection);
    expect(receiver.kept).to.deep.equal({ cancellableRequests: 0, rejectedActors: 0, goneConnections: 0 });
  });

  it('gives an answer to the call that waits for it on the same connection, and to no other', () => {
    const call = maker.make(path);
    call.connection = from.connection;
    pending.expectAnswer(call);
    const answer = bytesOf((into) => writeValue(1, witness, 'done', serializer, into));
    receive(answer, sentConnection('n4').connection);
    expect([maker.log, metrics.bind(CALL_METRICS).lateReplies.value]).to.deep.equal([[], 1]);
    expect(log).to.deep.equal(['an answer came that fits no call made on its connection']);
    receive(answer, from.connection);
    expect(maker.log).to.deep.equal(['1 got done']);
  });

  it('learns from a rejection where an actor is once: by the call that waits, or when none does', () => {
    const call = maker.make(path);
    call.connection = from.connection;
    pending.expectAnswer(call);
    const rejection = bytesOf((into) => writeRejection(1, path, { why: 'it is elsewhere', location }, true, into));
    receive(rejection, from.connection);
    expect(maker.log).to.deep.equal(['1 was rejected']);
    expect(log).to.deep.equal([`the rejection of ${path} is noted`]);
    pending.forgetAnswer(call);
    receive(rejection, from.connection);
    expect(log.slice(1)).to.deep.equal([`${path} is on n3`, `the rejection of ${path} is noted`]);
  });

  it('takes no rejection that names another actor than the call has', () => {
    const call = maker.make(path);
    call.connection = from.connection;
    pending.expectAnswer(call);
    const rejection = { why: 'it is elsewhere', location };
    receive(
      bytesOf((into) => writeRejection(1, 'spec/Account/bob', rejection, true, into)),
      from.connection,
    );
    expect([maker.log, log]).to.deep.equal([[], ['an answer came that fits no call made on its connection']]);
  });

  it('takes what only nodes may say from nodes alone', () => {
    const { connection } = from;
    const remote = { ...connection.remote, role: 'client' } as PacketConnection['remote'];
    const client = sentConnection('c1', { remote });
    arrive({ hops: 1 }, client);
    receive(
      bytesOf((into) => writeRejection(1, path, { why: 'it is elsewhere' }, true, into)),
      client.connection,
    );
    expect([log, delivered]).to.deep.equal([['it was forbidden', 'it was forbidden'], []]);
  });

  it('lets a probe follow its call', () => {
    const probe = { turn: 't', via: 'v', round: 1, path: [] };
    receive(
      bytesOf((into) => writeProbe(7, path, probe, into)),
      from.connection,
    );
    expect(log).to.deep.equal([`a probe follows n2#1:7 of ${path}`]);
  });

  it('takes no call for ever, and none that was passed on more often than anybody does', () => {
    for (const deadline of [Number.POSITIVE_INFINITY, Number.NaN]) arrive({ deadline });
    arrive({ hops: MAX_HOPS + 1 });
    arrive({ hops: MAX_HOPS });
    const codes = from.sent.map((envelope) => 'error' in envelope && (envelope.error as MoonpoolError).code);
    expect([codes, delivered.length]).to.deep.equal([Array.from({ length: 3 }, () => 'MALFORMED_PAYLOAD'), 1]);
  });

  it('takes no refusal for one that says nothing, and leaves open what an error does not say of its call', () => {
    const errors: MoonpoolError[] = [];
    const asked = (): ReturnType<CallMaker['make']> => {
      const call = maker.make(path);
      call.failed = (error) => errors.push(error as MoonpoolError);
      call.connection = from.connection;
      pending.expectAnswer(call);
      return call;
    };
    const answer = (kind: number, to: { readonly correlation: number }, rest: (into: ByteWriter) => void): void =>
      receive(
        bytesOf((into) => {
          into.uint8(kind);
          into.float64(to.correlation);
          rest(into);
          into.uint16(0);
        }),
        from.connection,
      );
    for (const amount of [Number.NaN, -1])
      answer(EnvelopeKind.refusal, asked(), (into) => {
        into.uint8(RefusalReason.nodeBusy);
        into.float64(amount);
      });
    answer(EnvelopeKind.plainFailure, asked(), (into) => {
      into.uint8(9);
      into.shortText('NODE_FENCED');
      into.longText('it was fenced');
    });
    expect(errors.map(({ code, executed }) => [code, executed])).to.deep.equal([
      ['MALFORMED_PAYLOAD', 'no'],
      ['MALFORMED_PAYLOAD', 'no'],
      ['NODE_FENCED', 'maybe'],
    ]);
  });

  it('answers what it cannot read or handle, and keeps the connection', () => {
    const whole = bytesOf((into) => writeCancel(7, into));
    const cut = Buffer.concat([Buffer.from([EnvelopeKind.request]), whole.subarray(1)]);
    receive(cut, from.connection);
    arrive({ correlation: 8, method: 'explode' });
    const errors = from.sent.map((envelope) => 'error' in envelope && (envelope.error as MoonpoolError).code);
    expect(errors).to.deep.equal(['MALFORMED_PAYLOAD', 'HANDLER_FAILED']);
    expect(from.closed).to.deep.equal([]);
    expect(log).to.deep.equal(['an actor message could not be read', 'an actor message could not be handled']);
  });
});
