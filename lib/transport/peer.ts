import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../identity/network-address';
import type { NetworkProvider } from '../providers/network-provider';
import type { RandomProvider } from '../providers/random-provider';
import { Backoff } from './backoff';
import { PacketConnection, type PacketConnectionEvents, type PacketConnectionSetting } from './packet-connection';

/**
 * The logical link to an address. It connects when first used, and again after a loss, with growing waits. While it
 * connects, packets wait; while it waits after a failure, there is no connection and callers learn at once that the
 * node cannot be reached.
 */
export class Peer {
  private current: PacketConnection | undefined;
  private retryAt = 0;
  private failingSince: number | undefined;
  private lastFailure: MoonpoolError | undefined;
  private readonly backoff: Backoff;

  constructor(
    private readonly address: NetworkAddress,
    private readonly network: NetworkProvider,
    private readonly setting: PacketConnectionSetting,
    private readonly events: PacketConnectionEvents,
    random: RandomProvider,
  ) {
    this.backoff = new Backoff(setting.options.reconnectMinMs, setting.options.reconnectMaxMs, random);
  }

  /** The connection to send on, made if there is none. @throws MoonpoolError NODE_UNREACHABLE soon after a failure. */
  connection(): PacketConnection {
    if (this.current !== undefined) return this.current;
    if (this.setting.time.now() < this.retryAt) {
      throw new MoonpoolError('NODE_UNREACHABLE', {
        message: `No connection to ${formatAddress(this.address)} can be made at present`,
        cause: this.lastFailure,
      });
    }
    return this.connect();
  }

  /** How long until a new connection may be tried, in milliseconds; 0 when there is one, or one may be tried now. */
  get retryInMs(): number {
    return this.current === undefined ? Math.max(0, this.retryAt - this.setting.time.now()) : 0;
  }

  /** Since when the address could not be reached, in milliseconds of the monotonic clock; undefined while it can, or was never tried. */
  get failedSince(): number | undefined {
    return this.failingSince;
  }

  /** The next use connects at once, whatever failed before: the node has shown that it lives. */
  forgetFailures(): void {
    this.backoff.reset();
    this.retryAt = 0;
  }

  /** Cuts the connection, if there is one. */
  cut(error: MoonpoolError): void {
    this.current?.close(error);
  }

  closeGracefully(): void {
    this.current?.closeGracefully();
  }

  tick(): void {
    this.current?.tick();
  }

  /** How the link stands, for people. */
  describe(): { readonly state: string; readonly queuedBytes: number } {
    const { current } = this;
    const state = current === undefined ? (this.setting.time.now() < this.retryAt ? 'waits' : 'idle') : current.isReady ? 'connected' : 'connecting';
    return { state, queuedBytes: current?.queuedBytes ?? 0 };
  }

  private connect(): PacketConnection {
    const connection = new PacketConnection('dialler', this.setting, {
      onReady: (ready) => {
        this.backoff.reset();
        this.failingSince = undefined;
        this.events.onReady(ready);
      },
      onPacket: this.events.onPacket,
      onClosed: (closed, error) => this.onClosed(closed, error),
    });
    this.current = connection;
    this.network.connect(this.address).then(
      (stream) => connection.attach(stream),
      (error: unknown) => connection.close(this.unreachable(error)),
    );
    return connection;
  }

  private onClosed(connection: PacketConnection, error: MoonpoolError): void {
    if (this.current === connection) {
      this.current = undefined;
      // An error whose stack nobody has read holds every object on that stack: here the whole connection. Reading lets go.
      void error.stack;
      this.lastFailure = error;
      this.failingSince ??= this.setting.time.now();
      this.retryAt = this.setting.time.now() + this.backoff.nextMs();
    }
    this.events.onClosed(connection, error);
  }

  private unreachable(cause: unknown): MoonpoolError {
    const why = isMoonpoolError(cause) ? cause.code : String(cause);
    return new MoonpoolError('NODE_UNREACHABLE', {
      message: `No connection to ${formatAddress(this.address)} could be made (${why})`,
      cause,
    });
  }
}
