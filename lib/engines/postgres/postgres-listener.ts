import type { PostgresClient } from './postgres-driver';
import type { PostgresSessions } from './postgres-sessions';

/** What is heard on a channel, which several may listen to by what is said there. */
interface Notification {
  readonly channel: string;
  readonly payload?: string;
}

/**
 * Hears at once what others announce on a channel. It holds a connection of its own for that, and looks for another one when that is lost; what was announced
 * meanwhile is not heard, so each of its listeners is called when it hears again.
 */
export class PostgresListener {
  private readonly listeners = new Set<() => void>();
  private client: PostgresClient | undefined;
  private isConnecting = false;
  private isStopped = false;

  /** @param payload what must have been said, so that one channel serves several. */
  constructor(
    private readonly sessions: PostgresSessions,
    private readonly channel: string,
    private readonly payload: string,
  ) {
    // It may wait on a connection that nothing comes through any more.
    sessions.onLoss(() => {
      if (this.client !== undefined) this.onLost(this.client);
    });
  }

  /** Begins to listen. Returns what ends it. */
  onAnnouncement(listener: () => void): () => void {
    this.listeners.add(listener);
    if (this.client === undefined) void this.connect();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.disconnect();
    };
  }

  stop(): void {
    this.isStopped = true;
    this.disconnect();
  }

  /** As long as somebody wants to listen; the sessions wait longer after each attempt that failed. */
  private async connect(): Promise<void> {
    if (this.isConnecting) return;
    this.isConnecting = true;
    while (this.client === undefined && this.listeners.size > 0 && !this.isStopped) {
      try {
        await this.open();
      } catch {
        // Renewals of the lease fail for the same reason, and log it.
      }
    }
    this.isConnecting = false;
  }

  private async open(): Promise<void> {
    const client = await this.sessions.client('listen to changes of the members');
    const onLost = () => this.onLost(client);
    const onNotification = (heard: unknown) => {
      const { channel, payload } = heard as Notification;
      if (channel === this.channel && payload === this.payload) this.tell();
    };
    client.on('error', onLost);
    client.on('end', onLost);
    client.on('notification', onNotification);
    this.forget = () => {
      client.removeListener('error', onLost);
      client.removeListener('end', onLost);
      client.removeListener('notification', onNotification);
    };
    this.client = client;
    try {
      await this.sessions.sessionOf(client).run(`LISTEN ${this.channel}`);
    } catch (error) {
      this.drop(client);
      throw error;
    }
    if (this.listeners.size === 0 || this.isStopped) this.disconnect();
    else this.tell();
  }

  private forget: () => void = () => undefined;

  private onLost(client: PostgresClient): void {
    if (this.client !== client) return;
    this.drop(client);
    if (this.listeners.size > 0 && !this.isStopped) void this.connect();
  }

  private disconnect(): void {
    if (this.client !== undefined) this.drop(this.client);
  }

  /** It listens, so nobody else of the pool is given it. */
  private drop(client: PostgresClient): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.forget();
    client.release(true);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
