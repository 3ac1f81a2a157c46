import { formatHome, type ObserverHome } from '../identity/observer-key';
import type { LinkKind } from '../connection/link';
import type { PacketConnection } from '../connection/packet-connection';

/** A connection that the other side has opened, and by which route. */
export interface OpenedConnection {
  readonly connection: PacketConnection;
  readonly kind: LinkKind;
}

/** The connections that others have opened to this node, by who they say they are: good for the way back. */
export class OpenedConnections {
  /** By the address on which the node listens itself. */
  private readonly fromNodes = new Map<string, OpenedConnection>();
  /** By the client as the home of observers. */
  private readonly fromClients = new Map<string, PacketConnection>();

  /** Both sides have greeted. Of two from the same side, the later one counts. */
  add(connection: PacketConnection, kind: LinkKind): void {
    const { remote } = connection;
    if (remote?.role === 'client') this.fromClients.set(formatHome(remote), connection);
    else if (remote !== undefined && remote.address !== '') this.fromNodes.set(remote.address, { connection, kind });
  }

  remove(connection: PacketConnection): void {
    const { remote } = connection;
    if (remote === undefined) return;
    const home = formatHome(remote);
    if (this.fromClients.get(home) === connection) this.fromClients.delete(home);
    if (this.fromNodes.get(remote.address)?.connection === connection) this.fromNodes.delete(remote.address);
  }

  ofNode(address: string): OpenedConnection | undefined {
    return this.fromNodes.get(address);
  }

  /** Of several clients of one name the one that has connected last. */
  ofClientNamed(name: string): PacketConnection | undefined {
    const named = [...this.fromClients.values()].filter(({ remote }) => remote?.node.name === name);
    return named.at(-1);
  }

  ofClient(home: ObserverHome): PacketConnection | undefined {
    return this.fromClients.get(formatHome(home));
  }
}
