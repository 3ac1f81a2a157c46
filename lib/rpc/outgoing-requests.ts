import { onAbort } from '../concurrency/abort-listeners';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { checkEndpoint, describeEndpoint, type Endpoint } from '../identity/endpoint';
import { WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { TimeProvider } from '../providers/time-provider';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import type { PacketConnection } from '../connection/packet-connection';
import type { Feature } from '../handshake/protocol';
import { AwaitedAnswers } from '../requests/awaited-answers';
import { clientNamed } from '../requests/client-address';
import { GreetedConnections } from '../requests/greeted-connections';
import type { Transport } from '../transport/transport';
import { ReplyFuture } from './reply-future';
import { ReceivedReplies } from './received-replies';
import { RepeatedRequests } from './repeated-requests';
import { DEFAULT_REQUEST_TIMEOUT_MS, REQUEST_OPTIONS, type RequestOptions } from './request-options';
import type { Requester } from './rpc-client';
import { RequestPackets } from './request-packets';
import { NO_CORRELATION } from './rpc-packet';
import { missingFeature, refusedAnswer } from './refused-answer';
import { lossOf, notSent } from './unsent-request';

const PING_TOKEN = wellKnownToken(WellKnownToken.ping);
const PING_ASKS = 0;

/** How long a request that is repeated waits for room in the queue of its connection, in milliseconds. */
const WAIT_FOR_ROOM_MS = 50;

/** What the requests of a transport need from it. */
export interface OutgoingParts {
  readonly transport: Transport;
  readonly serializer: Serializer;
  readonly time: TimeProvider;
  /** How many requests may wait for their answers. */
  readonly maxPendingRequests: number;
  /** What the other side must have, so that requests are sent to it at all. Default: nothing. */
  readonly feature?: Feature;
}

/** The caller's half of fixed endpoints: sends requests, repeats those that may be, and ends every future exactly once. */
export class OutgoingRequests implements Requester {
  private readonly answers: AwaitedAnswers<ReplyFuture>;
  private readonly replies: ReceivedReplies;
  private readonly repeated: RepeatedRequests;
  private readonly greeted: GreetedConnections;
  private readonly packets: RequestPackets;
  private lastCorrelation = NO_CORRELATION;
  private isClosed = false;

  constructor(private readonly parts: OutgoingParts) {
    const { time, transport, serializer } = parts;
    this.packets = new RequestPackets(transport, serializer);
    this.answers = new AwaitedAnswers(time, (future) => this.timeOut(future));
    const remove = (future: ReplyFuture): void => this.remove(future);
    this.replies = new ReceivedReplies({ transport, serializer, answers: this.answers, remove });
    this.repeated = new RepeatedRequests({
      transport,
      time,
      open: () => this.answers.all(),
      transmit: (future) => this.transmit(future, false),
      fail: (future, error) => this.fail(future, error),
    });
    this.greeted = new GreetedConnections(transport);
    transport.onConnectionLost((connection, error) => this.onConnectionLost(connection, error));
  }

  /** How many requests wait for their answers. */
  get pending(): number {
    return this.answers.size;
  }

  /** How many answers came for requests that had ended. */
  get lateReplies(): number {
    return this.replies.late;
  }

  request<Reply>(
    endpoint: Endpoint,
    request: unknown,
    options: RequestOptions,
    accept: (value: unknown) => Reply,
  ): Promise<Reply> {
    return this.ask(endpoint, options, accept, (correlation, into) =>
      this.packets.writeRequest(endpoint, correlation, request, into),
    );
  }

  /** Asks for nothing but a heartbeat. Resolves to how long it took, in milliseconds. */
  async ping(address: string, options: RequestOptions): Promise<number> {
    const { time } = this.parts;
    const begin = time.now();
    await this.ask(
      { address, token: PING_TOKEN },
      options,
      () => undefined,
      (correlation, into) => {
        into.uint8(PING_ASKS);
        into.float64(correlation);
      },
    );
    return time.now() - begin;
  }

  send(endpoint: Endpoint, request: unknown): void {
    this.requireOpen(endpoint);
    const { packets } = this;
    packets.send(packets.connectionTo(endpoint.address), endpoint, (into) =>
      packets.writeRequest(endpoint, NO_CORRELATION, request, into),
    );
  }

  /** Ends every future with TRANSPORT_CLOSED, as all that come later. */
  close(): void {
    this.isClosed = true;
    this.repeated.stop();
    for (const future of this.answers.all()) {
      const message = `${future.describe()} was given up, for its transport was closed`;
      this.fail(future, new MoonpoolError('TRANSPORT_CLOSED', { message, executed: future.executed }));
    }
    this.answers.stop();
  }

  private ask<Reply>(
    endpoint: Endpoint,
    options: RequestOptions,
    accept: (value: unknown) => Reply,
    write: (correlation: number, into: ByteWriter) => void,
  ): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      REQUEST_OPTIONS.check('a request', options);
      const {
        timeoutMs = DEFAULT_REQUEST_TIMEOUT_MS,
        unlessFailedForMs = Number.POSITIVE_INFINITY,
        delivery,
        signal,
      } = options;
      this.requireOpen(endpoint);
      this.checkRoom(endpoint);
      const correlation = ++this.lastCorrelation;
      const future = new ReplyFuture({
        correlation,
        endpoint,
        deadline: this.parts.time.now() + timeoutMs,
        timeoutMs,
        // A client that is gone cannot be dialled again.
        isRepeatable: delivery === 'at-least-once' && clientNamed(endpoint.address) === undefined,
        unlessFailedForMs,
        write: (into) => write(correlation, into),
        resolve: (value) => {
          try {
            resolve(accept(value));
          } catch (error) {
            reject(refusedAnswer(future, error, 'yes'));
          }
        },
        reject,
      });
      if (signal !== undefined && !this.obey(signal, future)) return;
      this.answers.watch(future);
      this.transmit(future, true);
    });
  }

  /** False when the signal has aborted, and the future with it. */
  private obey(signal: AbortSignal, future: ReplyFuture): boolean {
    const cancel = (): void => {
      const message = `${future.describe()} was cancelled`;
      this.fail(
        future,
        new MoonpoolError('CALL_CANCELLED', { message, executed: future.executed, cause: signal.reason }),
      );
    };
    if (signal.aborted) {
      cancel();
      return false;
    }
    future.release = onAbort(signal, cancel);
    return true;
  }

  private transmit(future: ReplyFuture, isFirst: boolean): void {
    const { endpoint, write } = future.parts;
    try {
      const connection = this.packets.connectionTo(endpoint.address);
      const { feature } = this.parts;
      if (feature !== undefined && !this.hasFeature(connection, feature, future, isFirst)) return;
      future.sentOn(connection, this.packets.send(connection, endpoint, write));
      this.answers.expect(future);
    } catch (error) {
      const isPassing = isMoonpoolError(error, 'NODE_UNREACHABLE') || isMoonpoolError(error, 'CONNECTION_LOST');
      if (future.parts.isRepeatable && isPassing) this.repeated.repeatLater(future, error);
      else if (!isFirst && isMoonpoolError(error, 'SEND_QUEUE_FULL'))
        this.repeated.repeatLater(future, error, WAIT_FOR_ROOM_MS);
      else this.fail(future, notSent(future, error));
    }
  }

  /** Whether the other side has the feature. Until it has greeted the request waits, and is transmitted then. */
  private hasFeature(connection: PacketConnection, feature: Feature, future: ReplyFuture, isFirst: boolean): boolean {
    const { remote } = connection;
    if (remote === undefined) {
      this.greeted.wait(connection, {
        onGreeted: () =>
          future.isOpen && future.connection === undefined ? this.transmit(future, isFirst) : undefined,
        onLost: (error) => this.onNotGreeted(future, error),
      });
      return false;
    }
    if (remote.features.has(feature)) return true;
    this.fail(future, missingFeature(future, feature, remote));
    return false;
  }

  private onNotGreeted(future: ReplyFuture, error: MoonpoolError): void {
    if (!future.isOpen) return;
    if (future.parts.isRepeatable) this.repeated.repeatLater(future, error);
    else this.fail(future, lossOf(future, error));
  }

  private onConnectionLost(connection: PacketConnection, error: MoonpoolError): void {
    for (const future of this.answers.sentOn(connection)) {
      if (!future.isOpen) continue;
      future.lostConnection();
      this.answers.expectNot(future);
      if (future.parts.isRepeatable) this.repeated.repeatLater(future, error);
      else this.fail(future, lossOf(future, error));
    }
  }

  private timeOut(future: ReplyFuture): void {
    const { executed } = future;
    const message = `${future.describe()} was not answered within ${future.parts.timeoutMs} ms`;
    const remedy = `${executed === 'no' ? 'It was never sent, so it may be repeated' : 'Repeat it only if that is safe'}; or give it more time with \`timeoutMs\`.`;
    this.fail(future, new MoonpoolError('CALL_TIMEOUT', { message, executed, remedy }));
  }

  /** The request has ended. */
  private remove(future: ReplyFuture): void {
    this.answers.expectNot(future);
    this.answers.unwatch(future);
  }

  private fail(future: ReplyFuture, error: unknown): void {
    this.remove(future);
    future.fail(error);
  }

  /** Deadlines are watched no more: what was asked now would never end. */
  private requireOpen(endpoint: Endpoint): void {
    checkEndpoint('a request', endpoint);
    if (!this.isClosed) return;
    const message = `A request to ${describeEndpoint(endpoint)} was refused: its transport is closed`;
    throw new MoonpoolError('TRANSPORT_CLOSED', { message });
  }

  private checkRoom(endpoint: Endpoint): void {
    const { maxPendingRequests } = this.parts;
    if (this.answers.size < maxPendingRequests) return;
    throw new MoonpoolError('TOO_MANY_PENDING_CALLS', {
      message: `A request to ${describeEndpoint(endpoint)} was refused: ${maxPendingRequests} requests wait for their answers`,
      remedy: 'Wait for answers before asking more, or raise `maxPendingRequests` of the transport of fixed endpoints.',
    });
  }
}
