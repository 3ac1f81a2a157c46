import { MoonpoolError } from '../errors/moonpool-error';
import { endpointToken, type Endpoint } from '../identity/endpoint';
import { parseAddress } from '../identity/network-address';
import type { Uid } from '../identity/uid';
import { inCleanContext } from '../concurrency/clean-context';
import { NodeContainer } from '../injection/node-container';
import { LocalNode } from '../identity/local-node';
import { checkArguments } from '../options/option-table';
import { STREAM_OPTIONS, type EndpointOptions, type StreamOptions } from './endpoint-options';
import { flowModule } from './flow-module';
import { DEFAULT_LISTEN, FLOW_OPTIONS, type FlowListenOptions, type FlowOpenOptions } from './flow-options';
import { IncomingRequests } from './incoming-requests';
import { OutgoingRequests } from './outgoing-requests';
import type { RequestOptions } from './request-options';
import type { RequestStream } from './request-stream';
import { makeClient, type RpcClass, type RpcClient } from './rpc-client';
import { describeInterface } from './rpc-descriptor';
import { serveInterface, type Served } from './served-interface';

/**
 * Fixed endpoints of one process: it serves interfaces and request streams at its address, and asks those of others. For
 * services that are where they are; what has an identity and may live anywhere is an actor. After FoundationDB's
 * FlowTransport.
 */
export class FlowTransport {
  private closing: Promise<void> | undefined;
  private readonly incoming: IncomingRequests;
  private readonly outgoing: OutgoingRequests;

  private constructor(private readonly container: NodeContainer) {
    this.incoming = container.get(IncomingRequests);
    this.outgoing = container.get(OutgoingRequests);
  }

  /**
   * A transport that listens: for servers, which may also ask.
   * @throws MoonpoolError INVALID_ADDRESS, INVALID_OPTION, UNPROTECTED_ADDRESS, UNPUBLISHABLE_ADDRESS, ADDRESS_IN_USE, CONNECTION_FAILED, MISSING_BINDING
   */
  static async listen(options: FlowListenOptions = {}): Promise<FlowTransport> {
    FLOW_OPTIONS.check('FlowTransport.listen', options);
    return FlowTransport.start(options, options.name, options.listen ?? DEFAULT_LISTEN);
  }

  /** A transport that does not listen: for processes that only ask and send. @throws MoonpoolError MISSING_BINDING */
  static async open(options: FlowOpenOptions = {}): Promise<FlowTransport> {
    FLOW_OPTIONS.check('FlowTransport.open', options);
    return FlowTransport.start(options, options.name ?? 'caller', undefined);
  }

  private static async start(
    options: FlowListenOptions,
    name: string | undefined,
    listen: string | undefined,
  ): Promise<FlowTransport> {
    const container = new NodeContainer([flowModule(options, name, listen), ...(options.modules ?? [])]);
    await inCleanContext(() => container.start());
    return new FlowTransport(container);
  }

  /** Where it listens, with the port that it got; the empty string when it does not. */
  get address(): string {
    return this.container.get(LocalNode).address;
  }

  /** How many requests of this process wait for their answers. */
  get pendingRequests(): number {
    return this.outgoing.pending;
  }

  /** How many answers came for requests that had ended. */
  get lateReplies(): number {
    return this.outgoing.lateReplies;
  }

  /**
   * Serves the methods of the instance, whose class has `@RpcInterface`. Requests run side by side, each in its own call;
   * what a method returns or throws is the answer.
   * @throws MoonpoolError INVALID_RPC_INTERFACE, INVALID_OPTION, ENDPOINT_IN_USE, TRANSPORT_CLOSED
   */
  serve(instance: object, options: EndpointOptions = {}): Served {
    this.requireOpen();
    return serveInterface(this.incoming, instance, options);
  }

  /** A typed client of the interface at the address. No input or output. @throws MoonpoolError INVALID_RPC_INTERFACE, INVALID_ADDRESS */
  connect<T extends object>(type: RpcClass<T>, address: string): RpcClient<T> {
    parseAddress(address);
    return makeClient<T>(describeInterface(type), address, this);
  }

  /**
   * The requests for one endpoint, to be taken by a loop. `options.accept` makes the request of what was sent, or throws
   * what the caller then gets; by default anything is taken as it is.
   * @throws MoonpoolError ENDPOINT_IN_USE, INVALID_OPTION, TRANSPORT_CLOSED
   */
  requestStream<Request, Reply>(
    token: Uid,
    options: EndpointOptions & StreamOptions<Request> = {},
  ): RequestStream<Request, Reply> {
    checkArguments('requestStream', { token: [endpointToken, token] });
    STREAM_OPTIONS.check('requestStream', options);
    this.requireOpen();
    const { name = `endpoint ${token.toString()}`, accept = (value) => value as Request } = options;
    return this.incoming.serve<Request, Reply>({ token, name, accept, options });
  }

  /**
   * Asks an endpoint. The future ends exactly once: with the value, the handler's error, BROKEN_PROMISE, ENDPOINT_NOT_FOUND,
   * ENDPOINT_FORBIDDEN, REQUEST_STREAM_FULL, CONNECTION_LOST, NODE_UNREACHABLE, CALL_TIMEOUT, CALL_CANCELLED or TRANSPORT_CLOSED.
   */
  async request<Reply>(
    endpoint: Endpoint,
    request: unknown,
    options: RequestOptions = {},
    accept: (value: unknown) => Reply = (value) => value as Reply,
  ): Promise<Reply> {
    this.requireOpen();
    return this.outgoing.request(endpoint, request, options, accept);
  }

  /**
   * Sends a request that wants no answer. It may be lost with its connection.
   * @throws MoonpoolError NODE_UNREACHABLE, SEND_QUEUE_FULL, UNSERIALIZABLE_VALUE, PACKET_TOO_LARGE, TRANSPORT_CLOSED
   */
  send(endpoint: Endpoint, request: unknown): void {
    this.requireOpen();
    this.outgoing.send(endpoint, request);
  }

  /** Asks whoever listens on the address for a heartbeat. Resolves to the round trip in milliseconds; fails as a request does. */
  async ping(address: string, options: RequestOptions = {}): Promise<number> {
    this.requireOpen();
    return this.outgoing.ping(address, options);
  }

  /**
   * Ends in order: takes no more requests, breaks those without an answer, ends the own ones with TRANSPORT_CLOSED, writes
   * what waits, and closes the connections. Further calls return the same promise.
   */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.incoming.close();
    this.outgoing.close();
    await this.container.stop();
  }

  private requireOpen(): void {
    if (this.closing === undefined) return;
    throw new MoonpoolError('TRANSPORT_CLOSED', {
      message: `The transport${this.address === '' ? '' : ` at ${this.address}`} is closed`,
    });
  }
}
