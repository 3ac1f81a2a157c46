import { MoonpoolError } from '../../errors/moonpool-error';
import type { PostgresClient } from './postgres-driver';
import { isRefusedStatement } from './postgres-failure';
import type { PostgresSession } from './postgres-session';
import type { PostgresSessions } from './postgres-sessions';

/** What is heard on a channel, which several may listen to by what is said there. */
export interface Notification {
  readonly channel: string;
  readonly payload?: string;
}

/** What a connection is held for. */
export interface ConnectionUse {
  /** There is a connection, which is a new one to the server: it knows nothing of the one before. What this throws costs the connection. */
  begin(session: PostgresSession): Promise<void>;
  /** Something was announced on it. */
  onNotification?(heard: Notification): void;
  /** It is lost. */
  onLost?(): void;
}

/** A connection that is kept for as long as somebody uses it; when it is lost, another one is looked for. Its server knows by it whether this process lives. */
export class PostgresHeldConnection {
  private readonly uses = new Set<ConnectionUse>();
  private client: PostgresClient | undefined;
  private connecting: Promise<void> | undefined;
  private isStopped = false;

  constructor(private readonly sessions: PostgresSessions) {
    // It may be one that nothing comes through any more.
    sessions.onLoss(() => {
      if (this.client !== undefined) this.lose(this.client);
    });
  }

  get isOpen(): boolean {
    return this.client !== undefined;
  }

  /** Begins to use it. Returns what ends that. */
  use(use: ConnectionUse): () => void {
    this.uses.add(use);
    if (this.client === undefined) this.connect();
    else void this.beginOn(this.client, use);
    return () => {
      this.uses.delete(use);
      if (this.uses.size === 0) this.disconnect();
    };
  }

  /** Asks something on it, as soon as there is one. @throws MoonpoolError STORAGE_UNAVAILABLE, when nobody uses it any more too. */
  async ask<T>(does: string, work: (session: PostgresSession) => Promise<T>): Promise<T> {
    while (this.client === undefined && this.connecting !== undefined) await this.connecting;
    const { client } = this;
    if (client === undefined) throw this.away(does);
    try {
      return await this.sessions.limited(does, work(this.sessions.sessionOf(client)));
    } catch (error) {
      if (!isRefusedStatement(error)) this.lose(client);
      throw error;
    }
  }

  stop(): void {
    this.isStopped = true;
    this.disconnect();
  }

  /** Whether somebody wants one, and there is none. */
  private get isMissing(): boolean {
    return this.client === undefined && this.uses.size > 0 && !this.isStopped;
  }

  /** Who finds `connecting` waits for it: it is set only where something is waited for, and is gone when that ends. */
  private connect(): void {
    if (this.connecting === undefined && this.isMissing) this.connecting = this.openOnAndOn();
  }

  /** As long as somebody wants one; the waits after each attempt that failed become longer. */
  private async openOnAndOn(): Promise<void> {
    const pauses = this.sessions.pauses();
    while (this.isMissing) {
      try {
        await this.open();
        // There was one, and whatever begins on it does not: the next may be no better.
        if (this.isMissing) await pauses.next();
      } catch {
        // Renewals of the lease fail for the same reason, and log it. The sessions wait before the next attempt.
      }
    }
    this.connecting = undefined;
  }

  private async open(): Promise<void> {
    const client = await this.sessions.client('hold a connection for the members');
    const onLost = () => this.lose(client);
    const onNotification = (heard: unknown) => {
      for (const use of this.uses) use.onNotification?.(heard as Notification);
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
    for (const use of [...this.uses]) await this.beginOn(client, use);
    if (this.uses.size === 0 || this.isStopped) this.disconnect();
  }

  private async beginOn(client: PostgresClient, use: ConnectionUse): Promise<void> {
    try {
      if (this.client === client) await use.begin(this.sessions.sessionOf(client));
    } catch {
      this.lose(client);
    }
  }

  private forget: () => void = () => undefined;

  private lose(client: PostgresClient): void {
    if (this.client !== client) return;
    this.drop(client);
    for (const use of this.uses) use.onLost?.();
    this.connect();
  }

  private disconnect(): void {
    if (this.client !== undefined) this.drop(this.client);
  }

  /** It was held, so nobody else of the pool is given it. */
  private drop(client: PostgresClient): void {
    if (this.client !== client) return;
    this.client = undefined;
    this.forget();
    client.release(true);
  }

  private away(does: string): MoonpoolError {
    const { place } = this.sessions;
    return new MoonpoolError('STORAGE_UNAVAILABLE', {
      message: `${place.charAt(0).toUpperCase()}${place.slice(1)} could not ${does}: no connection is held any more`,
      executed: 'no',
    });
  }
}
