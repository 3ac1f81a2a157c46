import { Deferred } from '../../concurrency/deferred';
import { isMoonpoolError, MoonpoolError } from '../../errors/moonpool-error';
import type { RandomProvider } from '../../providers/random-provider';
import { TimeLimits } from '../../providers/time-limits';
import type { TimeProvider } from '../../providers/time-provider';
import { Backoff } from '../../transport/backoff';
import { plainTypes, type PostgresClient, type PostgresPool } from './postgres-driver';
import { isConnectionLost, isRefusedStatement, isStalePlan, postgresFailure } from './postgres-failure';
import { PostgresSession } from './postgres-session';

/** What the sessions of a database need. */
export interface SessionParts {
  readonly pool: PostgresPool;
  /** For messages. */
  readonly place: string;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  /** How long a connection is waited for, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** How long a server is waited for that does not even say that a statement took too long, in milliseconds. */
  readonly answerTimeoutMs: number;
  /** The longest wait between two attempts to connect, in milliseconds. */
  readonly maxWaitMs: number;
  /** Looks at each new connection before it is used. It throws when that one is of no use. */
  readonly inspect: (session: PostgresSession) => Promise<void>;
}

/** The shortest wait between two attempts to connect, in milliseconds. */
const MIN_WAIT_MS = 20;

/**
 * Connections for as long as somebody needs one. A connection that was lost is closed, and whoever comes next gets another one; where none is to be had,
 * attempts are made with growing waits between them, so that a server which comes back is not met by all nodes at once.
 */
export class PostgresSessions {
  private readonly limits: TimeLimits;
  private readonly backoff: Backoff;
  private readonly types = plainTypes();
  /** The connections that were looked at, and how many had been lost by then. */
  private readonly inspected = new WeakMap<PostgresClient, number>();
  private losses = 0;
  private readonly lossListeners: (() => void)[] = [];
  private attemptAt = 0;
  private active = 0;
  private idle: Deferred<void> | undefined;

  constructor(private readonly parts: SessionParts) {
    this.limits = new TimeLimits(parts.time);
    this.backoff = new Backoff(MIN_WAIT_MS, parts.maxWaitMs, parts.random);
  }

  get place(): string {
    return this.parts.place;
  }

  /** Waits for all that is under way and refuses what comes later. The pool itself is closed by whoever has opened it. */
  async stop(): Promise<void> {
    this.idle = new Deferred();
    if (this.active === 0) this.idle.resolve();
    await this.idle.promise;
    this.limits.stop();
  }

  /** Something begins that is to be finished before this stops; {@link leave} says that it is. @throws MoonpoolError STORAGE_UNAVAILABLE when it stops. */
  enter(does: string): void {
    this.requireOpen(does);
    this.active++;
  }

  leave(): void {
    this.active--;
    if (this.active === 0) this.idle?.resolve();
  }

  /** @throws MoonpoolError STORAGE_UNAVAILABLE when nothing new is begun any more. */
  requireOpen(does: string): void {
    if (this.idle !== undefined) throw this.unavailable(does, 'it is closed', 'no');
  }

  /** Work that this waits for when it stops. See {@link use}. */
  async begin<T>(does: string, work: (session: PostgresSession) => Promise<T>): Promise<T> {
    this.enter(does);
    try {
      return await this.use(does, work);
    } catch (error) {
      throw postgresFailure(error, this.place, does);
    } finally {
      this.leave();
    }
  }

  /**
   * Works with a connection of its own; once more, with a new one, when what was prepared on the first is stale.
   * @param does for messages, what is tried: `read a state`. @param limitMs for all of it; that of one statement by default.
   * @throws what the server said when it refused, and otherwise MoonpoolError; `executed` is no when there was no connection, and maybe when it was lost.
   */
  async use<T>(
    does: string,
    work: (session: PostgresSession) => Promise<T>,
    limitMs = this.parts.answerTimeoutMs,
  ): Promise<T> {
    for (let isAgain = false; ; isAgain = true) {
      const client = await this.client(does);
      const session = this.sessionOf(client);
      try {
        const result = await this.limited(does, work(session), limitMs);
        this.giveBack(client, session);
        return result;
      } catch (error) {
        const isRefused = isRefusedStatement(error) && (await this.isServed(client, does));
        if (isRefused || (isMoonpoolError(error) && !isConnectionLost(error))) this.giveBack(client, session);
        else this.throwAway(client);
        if (isRefused && isStalePlan(error) && !isAgain) continue;
        // Whoever can go on after a refusal has to see it as it is.
        throw isRefused ? error : postgresFailure(error, this.place, does, 'maybe');
      }
    }
  }

  /** One on which something has become stale is not used again, nor are those that were opened before: they have prepared the same. */
  private giveBack(client: PostgresClient, { isStale }: PostgresSession): void {
    if (isStale) this.losses++;
    client.release(isStale);
  }

  private throwAway(client: PostgresClient): void {
    client.release(true);
    this.noteLoss();
  }

  /**
   * Whether the server serves the connection after an error. A refusal is known by that: a server that cannot write its log says just what one says that cannot write
   * a table, with another severity, and ends itself. What it was doing then may be done.
   */
  private async isServed(client: PostgresClient, does: string): Promise<boolean> {
    try {
      await this.limited(does, this.sessionOf(client).run('SELECT 1'));
      return true;
    } catch (error) {
      return isRefusedStatement(error);
    }
  }

  /** The outcome of work that uses a connection, for which a silent server is not waited for ever. @param limitMs that of one statement by default. */
  limited<T>(does: string, work: Promise<T>, limitMs = this.parts.answerTimeoutMs): Promise<T> {
    return this.limits.within(limitMs, work, () =>
      this.unavailable(does, `it did not answer within ${limitMs} ms`, 'maybe'),
    );
  }

  /** A connection for as long as somebody wants, who releases it. @throws MoonpoolError */
  async client(does: string): Promise<PostgresClient> {
    await this.awaitAttempt();
    try {
      const client = await this.connected(does);
      this.backoff.reset();
      return client;
    } catch (error) {
      this.attemptAt = this.parts.time.now() + this.backoff.nextMs();
      throw this.notConnected(error, does);
    }
  }

  /** Growing waits for somebody who tries again and again what a connection alone does not bring. */
  pauses(): { next(): Promise<void> } {
    const { time, random, maxWaitMs } = this.parts;
    const backoff = new Backoff(MIN_WAIT_MS, maxWaitMs, random);
    return { next: () => time.sleep(backoff.nextMs()) };
  }

  /** Is called when a connection was lost: others may be too, without knowing. */
  onLoss(listener: () => void): void {
    this.lossListeners.push(listener);
  }

  sessionOf(client: PostgresClient): PostgresSession {
    return new PostgresSession(client, this.types);
  }

  private async awaitAttempt(): Promise<void> {
    const { time } = this.parts;
    const waitMs = this.attemptAt - time.now();
    // Who stops does not wait for a server to come back.
    if (waitMs > 0 && this.idle === undefined) await time.sleep(waitMs);
  }

  private noteLoss(): void {
    this.losses++;
    for (const listener of this.lossListeners) listener();
  }

  /** One that is older than the last loss is not trusted: of a network that swallows everything each would cost a whole timeout. */
  private async connected(does: string): Promise<PostgresClient> {
    for (;;) {
      const client = await this.pooled(does);
      const losses = this.inspected.get(client);
      if (losses === undefined) {
        await this.inspect(client, does);
        return client;
      }
      if (losses === this.losses) return client;
      client.release(true);
    }
  }

  private pooled(does: string): Promise<PostgresClient> {
    const { pool, connectTimeoutMs } = this.parts;
    const connecting = pool.connect();
    let isLate = false;
    connecting.then((late) => isLate && late.release()).catch(() => undefined);
    return this.limits.within(connectTimeoutMs, connecting, () => {
      isLate = true;
      return this.unavailable(does, `no connection was to be had within ${connectTimeoutMs} ms`, 'no');
    });
  }

  private async inspect(client: PostgresClient, does: string): Promise<void> {
    const { inspect, connectTimeoutMs } = this.parts;
    // Without a listener the process would end with the connection.
    client.on('error', ignore);
    this.inspected.set(client, this.losses);
    try {
      await this.limits.within(connectTimeoutMs, inspect(this.sessionOf(client)), () =>
        this.unavailable(does, `it did not answer within ${connectTimeoutMs} ms`, 'no'),
      );
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Nothing was asked yet, whatever the error says. */
  private notConnected(error: unknown, does: string): MoonpoolError {
    const { code, detail, remedy } = postgresFailure(error, this.place, does);
    return new MoonpoolError(code, { message: detail, remedy, executed: 'no', cause: error });
  }

  private unavailable(does: string, why: string, executed: 'no' | 'maybe'): MoonpoolError {
    const message = `${this.place.charAt(0).toUpperCase()}${this.place.slice(1)} could not ${does}: ${why}`;
    return new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed });
  }
}

/** What is under way on a connection fails by itself. */
function ignore(): void {}
