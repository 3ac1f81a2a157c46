import type { PacketConnection } from '../connection/packet-connection';
import type { RefusalLog } from '../observability/refusal-log';
import type { ReplyRoute } from './reply-promise';

/** The route of a one-way request's answer, which leads nowhere; an error is told to people at least. */
export class UnawaitedReply implements ReplyRoute {
  constructor(
    private readonly endpoint: string,
    private readonly from: PacketConnection,
    private readonly refusals: RefusalLog,
  ) {}

  value(): void {
    // Nobody has asked for it.
  }

  error(error: unknown): void {
    this.refusals.note('a one-way request failed', this.from, () => ({
      error,
      fields: { endpoint: this.endpoint, from: this.from.remote?.node.name },
    }));
  }

  broken(): void {
    // Nobody waits for the answer, so nobody is disappointed.
  }
}
