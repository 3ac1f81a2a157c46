import type { PacketConnection } from '../connection/packet-connection';
import { MoonpoolError } from '../errors/moonpool-error';
import { describeEndpoint } from '../identity/endpoint';
import { wellKnownNumber, WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { AwaitedAnswers } from '../requests/awaited-answers';
import { errorIn } from '../serialization/error-codec';
import type { Serializer } from '../serialization/serializer';
import type { Transport } from '../transport/transport';
import type { ReplyFuture } from './reply-future';
import { refusedAnswer } from './refused-answer';
import { readRefusal, readReply, ReplyOutcome } from './rpc-packet';

/** Where the number of a ping begins. */
const PING_NUMBER = 1;

/** What those who take replies need. */
export interface ReceivedRepliesParts {
  readonly transport: Transport;
  readonly serializer: Serializer;
  readonly answers: AwaitedAnswers<ReplyFuture>;
  /** Forgets a request that its reply ends. */
  readonly remove: (future: ReplyFuture) => void;
}

/** Takes the replies and refusals of other processes to the futures that wait for them, and to no others. */
export class ReceivedReplies {
  /** How many came for requests that had ended. */
  late = 0;

  constructor(private readonly parts: ReceivedRepliesParts) {
    const { endpoints, forbidden } = parts.transport;
    endpoints.register(wellKnownToken(WellKnownToken.reply), (payload, from) => this.onReply(payload, from));
    endpoints.register(wellKnownToken(WellKnownToken.ping), (payload, from) => this.onPingAnswered(payload, from));
    endpoints.register(wellKnownToken(WellKnownToken.endpointNotFound), (payload, from) =>
      this.onRefusal('ENDPOINT_NOT_FOUND', payload, from),
    );
    endpoints.register(wellKnownToken(WellKnownToken.unauthorized), (payload, from) => {
      // What is no fixed endpoint is asked by others than these requests.
      if (wellKnownNumber(readRefusal(payload).token) >= 0) forbidden.wasRefused(payload, from);
      else this.onRefusal('ENDPOINT_FORBIDDEN', payload, from);
    });
  }

  private onReply(payload: Buffer, from: PacketConnection): void {
    const { outcome, correlation, body } = readReply(payload);
    const future = this.take(correlation, from);
    if (future === undefined) return;
    if (outcome === ReplyOutcome.broken) {
      const message = `${future.describe()} ended without an answer`;
      future.fail(new MoonpoolError('BROKEN_PROMISE', { message, executed: 'maybe' }));
      return;
    }
    try {
      const answer = this.parts.serializer.read(body);
      if (outcome === ReplyOutcome.value) future.fulfil(answer);
      else future.fail(errorIn(answer));
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
    const message = `The endpoint ${describeEndpoint(future.parts.endpoint)} refused a request: ${why}`;
    // An earlier transmission may have met another server, so only what is known of those counts.
    future.fail(new MoonpoolError(code, { message, executed: future.wasRepeated ? 'maybe' : 'no' }));
  }

  private onPingAnswered(payload: Buffer, from: PacketConnection): void {
    this.take(payload.readDoubleLE(PING_NUMBER), from)?.fulfil(undefined);
  }

  /** The future that an answer is for, which then waits no more. */
  private take(correlation: number, from: PacketConnection): ReplyFuture | undefined {
    const future = this.parts.answers.waitingFor(correlation, from);
    if (future === undefined) this.late++;
    else this.parts.remove(future);
    return future;
  }
}
