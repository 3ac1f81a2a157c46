import type { Membership } from '../cluster/membership';
import type { PacketConnection } from '../connection/packet-connection';
import type { Location } from '../directory/location-cache';
import { sameNode } from '../identity/node-id';
import type { ObserverHome } from '../identity/observer-key';
import type { Transport } from '../transport/transport';

/** The way to a process in which an observer lives. */
export interface HomeRoute {
  readonly location: Location;
  /** That of a client, which listens nowhere and has opened one. */
  readonly connection: PacketConnection | undefined;
}

/** Finds the processes in which observers live: nodes, and clients that have opened a connection to this node. */
export class ObserverHomes {
  constructor(
    private readonly membership: Pick<Membership, 'view' | 'refresh'>,
    private readonly transport: Pick<Transport, 'connectionOf'>,
  ) {}

  /** Calls back at once when the way is known; otherwise when the view was read again, for a node may have joined since. */
  find(home: ObserverHome, found: (route: HomeRoute | undefined) => void): void {
    const known = this.known(home);
    if (known !== undefined) found(known);
    // When the store does not answer, what is known must do.
    else
      void this.membership
        .refresh()
        .catch(() => undefined)
        .then(() => found(this.known(home)));
  }

  private known(home: ObserverHome): HomeRoute | undefined {
    const member = this.membership.view.members.find((other) => sameNode(other, home.node) && other.status !== 'dead');
    if (member !== undefined) return { location: { node: home.node, address: member.address }, connection: undefined };
    const connection = this.transport.connectionOf(home);
    return connection === undefined ? undefined : { location: { node: home.node, address: '' }, connection };
  }
}
