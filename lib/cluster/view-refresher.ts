import type { PacketConnection } from '../connection/packet-connection';
import type { LocalNode } from '../identity/local-node';
import { refusal } from '../handshake/refusal';
import { formatNodeId, sameNode, type NodeId } from '../identity/node-id';
import type { Transport } from '../transport/transport';
import type { Membership } from './membership';
import type { MembershipStore } from './membership-store';

/**
 * Reads the view as soon as connections show that it has changed, and not only with the next renewal: a node that joins
 * greets the others, who then see an incarnation that they do not know; a connection that is lost may mean that its
 * node has left; and some stores tell of changes themselves.
 */
export class ViewRefresher {
  private isStopped = false;
  private endListening: (() => void) | undefined;

  constructor(
    private readonly membership: Membership,
    private readonly transport: Transport,
    private readonly local: LocalNode,
    private readonly store: MembershipStore,
  ) {
    transport.onConnectionReady(({ role, node }, connection) => {
      if (role === 'node' && !this.knows(node)) void this.lookUp(node, connection);
    });
    transport.onConnectionLost(() => {
      this.refresh();
      membership.lookForEnds();
    });
  }

  /** Listens to the store, where it tells of changes, and greets all other members. */
  start(): void {
    this.endListening = this.store.onChange?.(() => this.read());
    if (this.local.role === 'client') return;
    for (const { address, incarnation, status } of this.membership.view.members) {
      if (status === 'active' && incarnation !== this.local.node.incarnation) this.greet(address);
    }
  }

  stop(): void {
    this.isStopped = true;
    this.endListening?.();
  }

  private greet(address: string): void {
    try {
      this.transport.peer(address).connection();
    } catch {
      // A member that cannot be reached learns of this node with its next renewal.
    }
  }

  private knows(node: NodeId): boolean {
    return this.membership.view.members.some((member) => sameNode(member, node));
  }

  /** A node joins before it greets anybody: one that the store does not know after that has not joined, whatever it says. */
  private async lookUp(node: NodeId, connection: PacketConnection): Promise<void> {
    if (this.isStopped || !this.local.hasJoined) return;
    try {
      // The first read may have been under way already when the node greeted.
      for (let reads = 0; reads < 2 && !this.knows(node); reads++) await this.membership.refresh();
    } catch {
      // Without the store nothing is known about it; the next renewal reads the view, and tells people that it cannot.
      return;
    }
    // A client, and a node whose store is its own, may talk to nodes of other stores by their addresses.
    if (this.local.role === 'node' && this.membership.isShared && !this.knows(node))
      connection.close(refusal(`${formatNodeId(node)} says that it is a node of this cluster, and has not joined it`));
  }

  private refresh(): void {
    if (this.local.hasJoined) this.read();
  }

  private read(): void {
    if (this.isStopped) return;
    // The renewals read the view too, and tell people when the store cannot be reached.
    this.membership.refresh().catch(() => undefined);
  }
}
