import type { Membership } from '../cluster/membership';
import type { PacketConnection } from '../connection/packet-connection';
import type { Location } from '../directory/location-cache';
import { sameNode } from '../identity/node-id';
import { formatHome, type ObserverHome } from '../identity/observer-key';
import type { Transport } from '../transport/transport';

/** The way to a process in which an observer lives. */
export interface HomeRoute {
  readonly location: Location;
  /** That of a client, which listens nowhere and has opened one. */
  readonly connection: PacketConnection | undefined;
}

/** Takes the way to a process, or learns that there is none. */
type Found = (route: HomeRoute | undefined) => void;

/** Finds the processes in which observers live: nodes, and clients that have opened a connection to this node. */
export class ObserverHomes {
  /** Those who wait for the view, by the process that they look for. */
  private readonly waiting = new Map<string, Found[]>();

  constructor(
    private readonly membership: Pick<Membership, 'view' | 'refresh'>,
    private readonly transport: Pick<Transport, 'connectionOf'>,
  ) {}

  /**
   * Calls back at once when the way is known; otherwise when the view was read again, for a node may have joined since. All who look for
   * one process are called back in the order in which they asked: a client that connects meanwhile is found by the next, and by those that
   * wait before it.
   */
  find(home: ObserverHome, found: Found): void {
    const sought = formatHome(home);
    const known = this.known(home);
    const ahead = this.waiting.get(sought);
    if (known !== undefined) {
      this.callBack(sought, known);
      found(known);
    } else if (ahead !== undefined) {
      ahead.push(found);
    } else {
      this.waiting.set(sought, [found]);
      // When the store does not answer, what is known must do.
      void this.membership
        .refresh()
        .catch(() => undefined)
        .then(() => this.callBack(sought, this.known(home)));
    }
  }

  private callBack(sought: string, route: HomeRoute | undefined): void {
    const waiting = this.waiting.get(sought);
    if (waiting === undefined) return;
    this.waiting.delete(sought);
    for (const found of waiting) found(route);
  }

  private known(home: ObserverHome): HomeRoute | undefined {
    const member = this.membership.view.members.find((other) => sameNode(other, home.node) && other.status !== 'dead');
    if (member !== undefined) return { location: { node: home.node, address: member.address }, connection: undefined };
    const connection = this.transport.connectionOf(home);
    return connection === undefined ? undefined : { location: { node: home.node, address: '' }, connection };
  }
}
