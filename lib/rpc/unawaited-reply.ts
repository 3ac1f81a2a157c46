import type { Logger } from '../observability/logger';
import type { ReplyRoad } from './reply-promise';

/** The road of a one-way request's answer, which leads nowhere; an error is told to people at least. */
export class UnawaitedReply implements ReplyRoad {
  constructor(
    private readonly endpoint: string,
    private readonly logger: Logger,
  ) {}

  value(): void {
    // Nobody has asked for it.
  }

  error(error: unknown): void {
    this.logger.error('a one-way request failed', error, { endpoint: this.endpoint });
  }

  broken(): void {
    // Nobody waits for the answer, so nobody is disappointed.
  }
}
