import { promptAnswer } from '../concurrency/prompt-answer';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Uid } from '../identity/uid';
import { wellKnownNumber, WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { RefusalLog } from '../observability/refusal-log';
import type { TaskProvider } from '../providers/task-provider';
import type { Serializer } from '../serialization/serializer';
import type { Hello } from '../handshake/hello';
import type { PacketConnection } from '../connection/packet-connection';
import type { Transport } from '../transport/transport';
import { DEFAULT_ENDPOINT_CAPACITY, type EndpointOptions } from './endpoint-options';
import { PacketReply } from './packet-reply';
import { RequestStream } from './request-stream';
import { correlationOf, NO_CORRELATION, readRequest, writeRefusal } from './rpc-packet';
import { UnawaitedReply } from './unawaited-reply';

/** Well-known tokens below this number are Moonpool's own. */
const FIRST_FREE_TOKEN = 32;

const NOT_FOUND = wellKnownToken(WellKnownToken.endpointNotFound);
const UNKNOWN = 'a packet came for an endpoint that does not exist';
const UNKNOWN_WELL_KNOWN = 'a packet came for a well-known endpoint that nobody serves';
const UNAUTHORIZED = wellKnownToken(WellKnownToken.unauthorized);

/** What the requests of a transport need from it. */
export interface IncomingParts {
  readonly transport: Transport;
  readonly serializer: Serializer;
  readonly tasks: TaskProvider;
  readonly refusals: RefusalLog;
}

/** An endpoint that is to be served. */
export interface ServedEndpoint<Request> {
  readonly token: Uid;
  /** For messages. */
  readonly name: string;
  /** Makes the request of what was sent. @throws MoonpoolError INVALID_PAYLOAD, which is then the answer. */
  readonly accept: (value: unknown) => Request;
  readonly options: EndpointOptions;
}

/** The server's half of fixed endpoints: from packets to request streams, and the refusals of what nobody serves or may ask. */
export class IncomingRequests {
  private readonly open = new Set<RequestStream<unknown, unknown>>();
  private isClosed = false;

  constructor(private readonly parts: IncomingParts) {
    parts.transport.endpoints.registerUnknown((token, payload, from) => {
      const isOwn = wellKnownNumber(token) < 0;
      const kind = isOwn ? UNKNOWN : UNKNOWN_WELL_KNOWN;
      this.noteUnknown(kind, token, from);
      if (isOwn) refuse(NOT_FOUND, token, payload, from);
    });
  }

  /** Who asks a process that has just ended its service could not know: that is nothing to look into. */
  private noteUnknown(kind: string, token: Uid, from: PacketConnection): void {
    if (this.isClosed) return;
    this.parts.refusals.note(kind, from, () => ({
      fields: { token: token.toString(), from: from.remote?.node.name },
    }));
  }

  /** Begins to take requests. @throws MoonpoolError ENDPOINT_IN_USE, INVALID_OPTION */
  serve<Request, Reply>(endpoint: ServedEndpoint<Request>): RequestStream<Request, Reply> {
    const { token, name, options } = endpoint;
    const capacity = options.capacity ?? DEFAULT_ENDPOINT_CAPACITY;
    this.checkFree(endpoint);
    const { endpoints } = this.parts.transport;
    const stream: RequestStream<Request, Reply> = new RequestStream<Request, Reply>({
      name,
      capacity,
      spawn: (work) => this.parts.tasks.spawn(name, work),
      onClosed: () => {
        endpoints.unregister(token);
        this.open.delete(stream as RequestStream<unknown, unknown>);
      },
    });
    this.open.add(stream as RequestStream<unknown, unknown>);
    endpoints.register(token, (payload, from) => this.receive(endpoint, stream, payload, from));
    return stream;
  }

  /** Takes no more requests; what was not answered is broken. */
  close(): void {
    this.isClosed = true;
    for (const stream of [...this.open]) stream.close();
  }

  private receive<Request, Reply>(
    { token, name, accept, options }: ServedEndpoint<Request>,
    stream: RequestStream<Request, Reply>,
    payload: Buffer,
    from: PacketConnection,
  ): void {
    const { correlation, body } = readRequest(payload);
    if (!this.admits(name, options, from)) {
      refuse(UNAUTHORIZED, token, payload, from);
      return;
    }
    const { serializer, refusals } = this.parts;
    const route =
      correlation === NO_CORRELATION
        ? new UnawaitedReply(name, from, refusals)
        : new PacketReply(from, correlation, serializer, name);
    let request: Request;
    try {
      request = promptAnswer(accept(read(serializer, body, name)), `what accepts the requests of ${name}`);
    } catch (error) {
      route.error(error);
      return;
    }
    stream.deliver(request, route);
  }

  /** A guard that fails lets nobody in. It is the user's code, in the midst of the packets of a connection that others use too. */
  private admits(name: string, { admits }: EndpointOptions, from: PacketConnection): boolean {
    if (admits === undefined) return true;
    try {
      return promptAnswer(admits(from.remote as Hello), 'it');
    } catch (error) {
      this.parts.refusals.note('the guard of a fixed endpoint failed', from, () => ({
        error,
        fields: { endpoint: name, from: from.remote?.node.name },
      }));
      return false;
    }
  }

  private checkFree({ token, name }: Pick<ServedEndpoint<unknown>, 'token' | 'name'>): void {
    const number = wellKnownNumber(token);
    if (number >= 0 && number < FIRST_FREE_TOKEN) {
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The well-known token ${number} of ${name} is Moonpool's own`,
        remedy: `Choose one from ${FIRST_FREE_TOKEN} to 63.`,
      });
    }
    if (this.parts.transport.endpoints.receiverOf(token) !== undefined) {
      throw new MoonpoolError('ENDPOINT_IN_USE', {
        message: `The endpoint ${token.toString()} of ${name} is served already`,
      });
    }
  }
}

/** @throws MoonpoolError: what a serializer throws that is anybody's would pass for an error of the handler. */
function read(serializer: Serializer, body: Buffer, name: string): unknown {
  try {
    return serializer.read(body);
  } catch (error) {
    if (isMoonpoolError(error)) throw error;
    const message = `A request for ${name} could not be read, and was not handled: ${reasonOf(error)}`;
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message, cause: error });
  }
}

function refuse(why: Uid, token: Uid, payload: Buffer, from: PacketConnection): void {
  const correlation = correlationOf(payload);
  if (correlation === NO_CORRELATION || from.isClosed) return;
  writeRefusal(token, correlation, from.begin(why));
  from.end();
}
