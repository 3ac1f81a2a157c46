import { sameNode } from '../identity/node-id';
import type { LocalNode } from '../handshake/local-node';
import type { Transport } from '../transport/transport';
import type { Membership } from './membership';

/**
 * Reads the view as soon as connections show that it has changed, and not only with the next renewal: a node that joins
 * greets the others, who then see an incarnation that they do not know; and a connection that is lost may mean that its
 * node has left.
 */
export class ViewRefresher {
  private isStopped = false;

  constructor(
    private readonly membership: Membership,
    private readonly transport: Transport,
    private readonly local: LocalNode,
  ) {
    transport.onConnectionReady(({ role, node }) => {
      const isKnown = role === 'client' || membership.view.members.some((member) => sameNode(member, node));
      if (!isKnown) this.refresh();
    });
    transport.onConnectionLost(() => this.refresh());
  }

  /** Greets all other members. */
  start(): void {
    if (this.local.role === 'client') return;
    for (const { address, incarnation, status } of this.membership.view.members) {
      if (status === 'active' && incarnation !== this.local.node.incarnation) this.greet(address);
    }
  }

  stop(): void {
    this.isStopped = true;
  }

  private greet(address: string): void {
    try {
      this.transport.peer(address).connection();
    } catch {
      // A member that cannot be reached learns of this node with its next renewal.
    }
  }

  private refresh(): void {
    if (this.isStopped || !this.local.hasJoined) return;
    // The renewals read the view too, and tell people when the store cannot be reached.
    this.membership.refresh().catch(() => undefined);
  }
}
