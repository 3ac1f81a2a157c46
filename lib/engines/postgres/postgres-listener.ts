import type { ConnectionUse, Notification, PostgresHeldConnection } from './postgres-held-connection';
import type { PostgresSession } from './postgres-session';

/**
 * Hears at once what others announce on a channel, on the connection that is held. What was announced while there was none is not heard, so each of its listeners is called when it
 * hears again.
 */
export class PostgresListener implements ConnectionUse {
  private readonly listeners = new Set<() => void>();
  private end: (() => void) | undefined;

  /** @param payload what must have been said, so that one channel serves several. */
  constructor(
    private readonly connection: PostgresHeldConnection,
    private readonly channel: string,
    private readonly payload: string,
  ) {}

  /** Begins to listen. Returns what ends it. */
  onAnnouncement(listener: () => void): () => void {
    this.listeners.add(listener);
    this.end ??= this.connection.use(this);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.end?.();
      this.end = undefined;
    };
  }

  async begin(session: PostgresSession): Promise<void> {
    await session.run(`LISTEN ${this.channel}`);
    this.tell();
  }

  onNotification({ channel, payload }: Notification): void {
    if (channel === this.channel && payload === this.payload) this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
