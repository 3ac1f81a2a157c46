import { MoonpoolError } from '../errors/moonpool-error';
import type { Logger } from '../observability/logger';
import type { Connection } from '../providers/network-provider';
import type { Timer, TimeProvider } from '../providers/time-provider';
import { refusalPacket } from '../handshake/handshake';
import type { PacketConnection } from '../connection/packet-connection';
import type { TransportOptions } from '../connection/transport-options';

/** How long somebody who is rejected may take to read why, in milliseconds, and how many may do so at once. */
const FAREWELL_MS = 1_000;
const MAX_FAREWELLS = 64;

/** Who stands at the door, and who was rejected, for people. */
export type DoorDescription = {
  /** Accepted connections that have not proven yet who they are. */
  readonly unauthenticated: number;
  /** Rejected because there were too many. */
  readonly refused: number;
  /** Cut before they had proven who they are, because others waited. */
  readonly displaced: number;
};

/**
 * Keeps count of the connections that others have opened to this node, and rejects those that are too many: in all, of
 * one host, or not yet authenticated. Of the last the oldest goes: whoever means it is through within a round trip, so a
 * flood of strangers that say nothing does not keep others out.
 */
export class Doorkeeper {
  /** Every connection with the host that it comes from. */
  private readonly hosts = new Map<PacketConnection, string>();
  private readonly byHost = new Map<string, number>();
  /** Those whose handshake is not done, the oldest first. */
  private readonly strangers = new Set<PacketConnection>();
  private readonly farewells = new Map<Connection, Timer>();
  private refused = 0;
  private displaced = 0;
  private reported = 0;

  constructor(
    private readonly options: TransportOptions,
    private readonly time: TimeProvider,
  ) {}

  get connections(): Iterable<PacketConnection> {
    return this.hosts.keys();
  }

  get size(): number {
    return this.hosts.size;
  }

  /** Why the stream may not come in; undefined when it may. */
  objection(stream: Connection): MoonpoolError | undefined {
    const { maxConnections, maxConnectionsPerAddress } = this.options;
    if (this.hosts.size >= maxConnections) return tooMany('connections', maxConnections, 'maxConnections');
    const host = hostOf(stream);
    const ofHost = this.byHost.get(host) ?? 0;
    return ofHost < maxConnectionsPerAddress
      ? undefined
      : tooMany(`connections from ${host}`, maxConnectionsPerAddress, 'maxConnectionsPerAddress');
  }

  /** Tells the other side why and lets go of it. */
  turnAway(stream: Connection, why: MoonpoolError): void {
    this.refused++;
    const leave = (): void => {
      this.farewells.get(stream)?.cancel();
      this.farewells.delete(stream);
      stream.destroy();
    };
    stream.start({ onData: () => undefined, onEnd: leave, onClose: leave });
    if (this.farewells.size >= MAX_FAREWELLS) {
      stream.destroy();
      return;
    }
    this.farewells.set(stream, this.time.schedule(FAREWELL_MS, leave));
    stream.write(refusalPacket(why));
    stream.end();
  }

  /** Lets a connection in, which is a stranger until {@link greeted}. */
  admit(connection: PacketConnection, stream: Connection): void {
    const host = hostOf(stream);
    this.hosts.set(connection, host);
    this.byHost.set(host, (this.byHost.get(host) ?? 0) + 1);
    this.strangers.add(connection);
    const { maxUnauthenticatedConnections } = this.options;
    if (this.strangers.size <= maxUnauthenticatedConnections) return;
    const [oldest] = this.strangers;
    this.displaced++;
    oldest?.close(
      tooMany(
        'connections that have not proven who they are',
        maxUnauthenticatedConnections,
        'maxUnauthenticatedConnections',
      ),
    );
  }

  /** The connection has proven who it is. */
  greeted(connection: PacketConnection): void {
    this.strangers.delete(connection);
  }

  /** Where the connection comes from; undefined when it was none of these. */
  hostOf(connection: PacketConnection): string | undefined {
    return this.hosts.get(connection);
  }

  /** The connection is gone. False when it was none of these. */
  remove(connection: PacketConnection): boolean {
    const host = this.hosts.get(connection);
    if (host === undefined) return false;
    this.hosts.delete(connection);
    this.strangers.delete(connection);
    const left = (this.byHost.get(host) ?? 1) - 1;
    if (left > 0) this.byHost.set(host, left);
    else this.byHost.delete(host);
    return true;
  }

  /** Lets go of those who were rejected and have not left. */
  stop(): void {
    for (const [stream, timer] of [...this.farewells]) {
      timer.cancel();
      stream.destroy();
    }
    this.farewells.clear();
  }

  /** Logs how many were rejected since the last time; called once in an interval, so that a flood of connections is none of the log. */
  report(logger: Logger): void {
    const rejected = this.refused + this.displaced;
    if (rejected > this.reported)
      logger.warn('connections were rejected', { count: rejected - this.reported, ...this.describe() });
    this.reported = rejected;
  }

  describe(): DoorDescription {
    return { unauthenticated: this.strangers.size, refused: this.refused, displaced: this.displaced };
  }
}

/** The address of the other side without its port; processes that come by a Unix socket share one name. */
function hostOf({ remoteAddress }: Connection): string {
  const colon = remoteAddress.lastIndexOf(':');
  return colon < 0 ? remoteAddress : remoteAddress.slice(0, colon);
}

function tooMany(what: string, limit: number, option: string): MoonpoolError {
  return new MoonpoolError('TOO_MANY_CONNECTIONS', {
    message: `There are ${limit} ${what}, which is the limit of transport.${option}`,
  });
}
