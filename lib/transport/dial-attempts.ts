import type { MoonpoolError } from '../errors/moonpool-error';
import type { NetworkAddress } from '../identity/network-address';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { TransportOptions } from '../connection/transport-options';
import { Backoff } from './backoff';
import { notNow } from './unreachable';

/** When an address may be dialled, by how the last attempts ended. */
export class DialAttempts {
  private readonly backoff: Backoff;
  private allowedAt = 0;
  private failedAt = 0;
  private failsSince: number | undefined;
  private lastFailure: MoonpoolError | undefined;

  constructor(
    private readonly address: NetworkAddress,
    { reconnectMinMs, reconnectMaxMs }: TransportOptions,
    private readonly time: TimeProvider,
    random: RandomProvider,
  ) {
    this.backoff = new Backoff(reconnectMinMs, reconnectMaxMs, random);
  }

  get isAllowed(): boolean {
    return this.time.now() >= this.allowedAt;
  }

  /** How long until the next attempt, in milliseconds; 0 when it may be made now. */
  get allowedInMs(): number {
    return Math.max(0, this.allowedAt - this.time.now());
  }

  /** Since when every attempt has failed, in milliseconds of the monotonic clock; undefined when the last one did not, or there was none. */
  get failingSince(): number | undefined {
    return this.failsSince;
  }

  /** @throws MoonpoolError NODE_UNREACHABLE soon after a failure. */
  requireAllowed(): void {
    if (!this.isAllowed) throw notNow(this.address, this.allowedInMs, this.lastFailure);
  }

  succeeded(): void {
    this.backoff.reset();
    this.failsSince = undefined;
  }

  failed(): void {
    this.failedAt = this.time.now();
    this.failsSince ??= this.failedAt;
    this.allowedAt = this.failedAt + this.backoff.nextMs();
  }

  /** The connection is gone, for that reason, which is told to whoever asks too soon. */
  noteLoss(error: MoonpoolError): void {
    // An error whose stack nobody has read holds every object on that stack: here the whole connection. Reading lets go.
    void error.stack;
    this.lastFailure = error;
  }

  /** Somebody waits for the address: the next attempt is made no later than so long after the last one has failed. */
  hasten(afterMs: number): void {
    this.allowedAt = Math.min(this.allowedAt, this.failedAt + afterMs);
  }

  /** The next attempt may be made at once, whatever failed before. */
  forget(): void {
    this.backoff.reset();
    this.allowedAt = 0;
  }
}
