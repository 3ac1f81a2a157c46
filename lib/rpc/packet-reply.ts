import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { ByteWriter } from '../serialization/byte-writer';
import { tellError } from '../serialization/error-forms';
import type { Serializer } from '../serialization/serializer';
import { toTagged } from '../serialization/tagged-value';
import { uncarried } from '../serialization/uncarried-value';
import type { PacketConnection } from '../connection/packet-connection';
import type { ReplyRoute } from './reply-promise';
import { NO_CORRELATION, ReplyOutcome, writeReplyHeader } from './rpc-packet';

const REPLY = wellKnownToken(WellKnownToken.reply);

/** Sends an answer back on the connection by which the request came; when that is gone, its caller knows already. */
export class PacketReply implements ReplyRoute {
  constructor(
    private readonly connection: PacketConnection,
    private readonly correlation: number,
    private readonly serializer: Serializer,
    /** The endpoint, for messages. */
    private readonly name: string,
  ) {}

  value(value: unknown): void {
    try {
      this.send(ReplyOutcome.value, (into) => this.serializer.write(value, into));
    } catch (error) {
      throw uncarried(`The answer to a request for ${this.name}`, value, error, toTagged);
    }
  }

  error(error: unknown): void {
    tellError(error, `The request for ${this.name}`, {
      record: (record) => this.send(ReplyOutcome.error, (into) => this.serializer.write(record, into)),
      // A serializer that writes no error at all can still be silent: whoever waits learns that no answer comes.
      plain: () => this.broken(),
      isBlocked: (cause) => isMoonpoolError(cause, 'CONNECTION_LOST'),
    });
  }

  broken(): void {
    this.send(ReplyOutcome.broken, () => undefined);
  }

  private send(outcome: number, write: (into: ByteWriter) => void): void {
    const { connection } = this;
    if (this.correlation === NO_CORRELATION || connection.isClosed) return;
    let into: ByteWriter;
    try {
      into = connection.begin(REPLY);
    } catch (error) {
      if (!isMoonpoolError(error, 'SEND_QUEUE_FULL')) throw error;
      // A caller that does not read its answers loses its connection, and so learns that they do not come.
      const who = connection.remote?.node.name ?? 'the other side';
      const message = `The connection is gone: ${who} does not read its answers, such as that to a request for ${this.name}`;
      connection.close(new MoonpoolError('CONNECTION_LOST', { message, executed: 'maybe', cause: error }));
      return;
    }
    try {
      writeReplyHeader(outcome, this.correlation, into);
      write(into);
    } catch (error) {
      connection.abandon();
      throw error;
    }
    connection.end();
  }
}
