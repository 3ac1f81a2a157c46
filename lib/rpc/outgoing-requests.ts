import { onAbort } from '../concurrency/abort-listeners';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { describeEndpoint, type Endpoint } from '../identity/endpoint';
import { WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { ByteWriter } from '../serialization/byte-writer';
import { restoreError } from '../serialization/error-codec';
import type { Serializer } from '../serialization/serializer';
import { toTagged } from '../serialization/tagged-value';
import { uncarried } from '../serialization/uncarried-value';
import type { PacketConnection } from '../connection/packet-connection';
import type { Transport } from '../transport/transport';
import { ReplyFuture } from './reply-future';
import { ReplyFutures } from './reply-futures';
import { DEFAULT_REQUEST_TIMEOUT_MS, REQUEST_OPTIONS, type RequestOptions } from './request-options';
import type { Requester } from './rpc-client';
import { NO_CORRELATION, readRefusal, readReply, ReplyOutcome, writeRequestHeader } from './rpc-packet';
import { refusedAnswer } from './refused-answer';
import { lossOf, notSent, SERVER_IS_GONE } from './unsent-request';

const PING_TOKEN = wellKnownToken(WellKnownToken.ping);
const PING_ASKS = 0;
/** Where the number of a ping begins. */
const PING_NUMBER = 1;

/** How long a request that is repeated waits for room in the queue of its connection, in milliseconds. */
const WAIT_FOR_ROOM_MS = 50;

/** What the requests of a transport need from it. */
export interface OutgoingParts {
  readonly transport: Transport;
  readonly serializer: Serializer;
  readonly time: TimeProvider;
  /** How many requests may wait for their answers. */
  readonly maxPendingRequests: number;
}

/** The caller's half of fixed endpoints: sends requests, repeats those that may be, and ends every future exactly once. */
export class OutgoingRequests implements Requester {
  private readonly futures: ReplyFutures;
  /** For each address the moment at which requests without a connection are sent again. */
  private readonly retries = new Map<string, Timer>();
  private lastCorrelation = NO_CORRELATION;
  private late = 0;

  constructor(private readonly parts: OutgoingParts) {
    const { time, transport } = parts;
    this.futures = new ReplyFutures(time, (future) => this.timeOut(future));
    const { endpoints } = transport;
    endpoints.register(wellKnownToken(WellKnownToken.reply), (payload, from) => this.onReply(payload, from));
    endpoints.register(wellKnownToken(WellKnownToken.endpointNotFound), (payload, from) => this.onRefusal('ENDPOINT_NOT_FOUND', payload, from));
    endpoints.register(wellKnownToken(WellKnownToken.unauthorized), (payload, from) => this.onRefusal('ENDPOINT_FORBIDDEN', payload, from));
    endpoints.register(PING_TOKEN, (payload, from) => this.onPingAnswered(payload, from));
    transport.onConnectionLost((connection, error) => this.onConnectionLost(connection, error));
  }

  /** How many requests wait for their answers. */
  get pending(): number {
    return this.futures.size;
  }

  /** How many answers came for requests that had ended. */
  get lateReplies(): number {
    return this.late;
  }

  request<Reply>(endpoint: Endpoint, request: unknown, options: RequestOptions, accept: (value: unknown) => Reply): Promise<Reply> {
    return this.ask(endpoint, options, accept, (correlation, into) => {
      writeRequestHeader(correlation, into);
      this.writeBody(endpoint, request, into);
    });
  }

  /** Asks for nothing but a heartbeat. Resolves to how long it took, in milliseconds. */
  async ping(address: string, options: RequestOptions): Promise<number> {
    const { time } = this.parts;
    const begin = time.now();
    await this.ask({ address, token: PING_TOKEN }, options, () => undefined, (correlation, into) => {
      into.uint8(PING_ASKS);
      into.float64(correlation);
    });
    return time.now() - begin;
  }

  send(endpoint: Endpoint, request: unknown): void {
    const connection = this.parts.transport.peer(endpoint.address).connection();
    const into = connection.begin(endpoint.token);
    this.finish(connection, () => {
      writeRequestHeader(NO_CORRELATION, into);
      this.writeBody(endpoint, request, into);
    });
  }

  /** Ends every future with TRANSPORT_CLOSED. */
  close(): void {
    for (const timer of this.retries.values()) timer.cancel();
    this.retries.clear();
    for (const future of this.futures.all()) {
      const message = `${future.describe()} was given up, for its transport was closed`;
      this.fail(future, new MoonpoolError('TRANSPORT_CLOSED', { message, executed: future.executed }));
    }
    this.futures.stop();
  }

  private ask<Reply>(endpoint: Endpoint, options: RequestOptions, accept: (value: unknown) => Reply, write: (correlation: number, into: ByteWriter) => void): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      const { timeoutMs = DEFAULT_REQUEST_TIMEOUT_MS, unlessFailedForMs = Number.POSITIVE_INFINITY, delivery, signal } = options;
      REQUEST_OPTIONS.check('a request', options);
      this.checkRoom(endpoint);
      const correlation = ++this.lastCorrelation;
      const future = new ReplyFuture({
        correlation,
        endpoint,
        deadline: this.parts.time.now() + timeoutMs,
        timeoutMs,
        isRepeatable: delivery === 'at-least-once',
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
      this.futures.add(future);
      this.transmit(future, true);
    });
  }

  /** False when the signal has aborted, and the future with it. */
  private obey(signal: AbortSignal, future: ReplyFuture): boolean {
    const cancel = (): void => {
      const message = `${future.describe()} was cancelled`;
      this.fail(future, new MoonpoolError('CALL_CANCELLED', { message, executed: future.executed, cause: signal.reason }));
    };
    if (signal.aborted) {
      cancel();
      return false;
    }
    future.release = onAbort(signal, cancel);
    return true;
  }

  private transmit(future: ReplyFuture, isFirst: boolean): void {
    const { address, token } = future.parts.endpoint;
    try {
      const connection = this.parts.transport.peer(address).connection();
      const into = connection.begin(token);
      const batch = connection.currentBatch;
      this.finish(connection, () => future.parts.write(into));
      future.sentOn(connection, batch);
    } catch (error) {
      const isPassing = isMoonpoolError(error, 'NODE_UNREACHABLE') || isMoonpoolError(error, 'CONNECTION_LOST');
      if (future.parts.isRepeatable && isPassing) this.repeatLater(future, error);
      else if (!isFirst && isMoonpoolError(error, 'SEND_QUEUE_FULL')) this.repeatLater(future, error, WAIT_FOR_ROOM_MS);
      else this.fail(future, notSent(future, error));
    }
  }

  private writeBody(endpoint: Endpoint, request: unknown, into: ByteWriter): void {
    try {
      this.parts.serializer.write(request, into);
    } catch (error) {
      throw uncarried(`The request to ${describeEndpoint(endpoint)}`, request, error, toTagged);
    }
  }

  /** Ends a packet that was begun, or takes it back when its payload cannot be written. */
  private finish(connection: PacketConnection, write: () => void): void {
    try {
      write();
    } catch (error) {
      connection.abandon();
      throw error;
    }
    connection.end();
  }

  /** Sends it again when its address may be tried again, unless that was out of reach for too long. */
  private repeatLater(future: ReplyFuture, cause: unknown, atLeastMs = 0): void {
    const { endpoint, unlessFailedForMs } = future.parts;
    const peer = this.parts.transport.peer(endpoint.address);
    const now = this.parts.time.now();
    const failedForMs = peer.failedSince === undefined ? 0 : now - peer.failedSince;
    if (failedForMs >= unlessFailedForMs) {
      const message = `${future.describe()} was given up: nothing could be sent there for ${Math.round(failedForMs)} ms`;
      this.fail(future, new MoonpoolError('NODE_UNREACHABLE', { message, executed: future.executed, remedy: SERVER_IS_GONE, cause }));
      return;
    }
    this.retryAt(endpoint.address, Math.max(atLeastMs, Math.min(peer.retryInMs, unlessFailedForMs - failedForMs)), cause);
  }

  private retryAt(address: string, delayMs: number, cause: unknown): void {
    // The first who fails sets the moment: those who fail later wait for the same connection.
    if (this.retries.has(address)) return;
    const timer = this.parts.time.schedule(delayMs, () => {
      this.retries.delete(address);
      for (const future of this.futures.all()) {
        if (future.connection === undefined && future.parts.endpoint.address === address) this.repeat(future, cause);
      }
    });
    this.retries.set(address, timer);
  }

  private repeat(future: ReplyFuture, cause: unknown): void {
    // A timer may come a little before the clock that the peer looks at.
    if (this.parts.transport.peer(future.parts.endpoint.address).retryInMs > 0) this.repeatLater(future, cause);
    else this.transmit(future, false);
  }

  private onConnectionLost(connection: PacketConnection, error: MoonpoolError): void {
    for (const future of this.futures.sentOn(connection)) {
      if (!future.isOpen) continue;
      future.lostConnection();
      if (future.parts.isRepeatable) this.repeatLater(future, error);
      else this.fail(future, lossOf(future, error));
    }
  }

  private onReply(payload: Buffer, from: PacketConnection): void {
    const { outcome, correlation, body } = readReply(payload);
    const future = this.take(correlation, from);
    if (future === undefined) return;
    if (outcome === ReplyOutcome.broken) {
      future.fail(new MoonpoolError('BROKEN_PROMISE', { message: `${future.describe()} ended without an answer`, executed: 'maybe' }));
      return;
    }
    try {
      const answer = this.parts.serializer.read(body);
      if (outcome === ReplyOutcome.value) future.fulfil(answer);
      else future.fail(restoreError(answer));
    } catch (error) {
      // A value says that the request was handled; an error may be one that refused it.
      future.fail(refusedAnswer(future, error, outcome === ReplyOutcome.value ? 'yes' : 'maybe'));
    }
  }

  private onRefusal(code: 'ENDPOINT_NOT_FOUND' | 'ENDPOINT_FORBIDDEN', payload: Buffer, from: PacketConnection): void {
    const { correlation } = readRefusal(payload);
    const future = this.take(correlation, from);
    if (future === undefined) return;
    const why = code === 'ENDPOINT_NOT_FOUND' ? 'nobody serves it there' : 'it does not admit this caller';
    // An earlier transmission may have met another server, so only what is known of those counts.
    const executed = future.wasRepeated ? 'maybe' : 'no';
    future.fail(new MoonpoolError(code, { message: `The endpoint ${describeEndpoint(future.parts.endpoint)} refused a request: ${why}`, executed }));
  }

  private onPingAnswered(payload: Buffer, from: PacketConnection): void {
    this.take(payload.readDoubleLE(PING_NUMBER), from)?.fulfil(undefined);
  }

  /** The future that an answer is for, which then waits no more. */
  private take(correlation: number, from: PacketConnection): ReplyFuture | undefined {
    const future = this.futures.waitingFor(correlation, from);
    if (future === undefined) this.late++;
    else this.futures.remove(future);
    return future;
  }

  private timeOut(future: ReplyFuture): void {
    const { executed } = future;
    const message = `${future.describe()} was not answered within ${future.parts.timeoutMs} ms`;
    const remedy = `${executed === 'no' ? 'It was never sent, so it may be repeated' : 'Repeat it only if that is safe'}; or give it more time with \`timeoutMs\`.`;
    this.fail(future, new MoonpoolError('CALL_TIMEOUT', { message, executed, remedy }));
  }

  private fail(future: ReplyFuture, error: unknown): void {
    this.futures.remove(future);
    future.fail(error);
  }

  private checkRoom(endpoint: Endpoint): void {
    const { maxPendingRequests } = this.parts;
    if (this.futures.size < maxPendingRequests) return;
    throw new MoonpoolError('TOO_MANY_PENDING_CALLS', {
      message: `A request to ${describeEndpoint(endpoint)} was refused: ${maxPendingRequests} requests wait for their answers`,
      remedy: 'Wait for answers before asking more, or raise `maxPendingRequests` of the transport of fixed endpoints.',
    });
  }
}
