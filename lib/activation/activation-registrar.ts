import { noAnswer, promised } from '../concurrency/promised';
import type { Membership } from '../cluster/membership';
import type { ActorDirectory, Registration } from '../directory/actor-directory';
import { sameNode, type NodeId } from '../identity/node-id';
import type { LocalNode } from '../identity/local-node';

/** Registers activations of this node in the directory, in place of registrations that mean nothing any more. */
export class ActivationRegistrar {
  constructor(
    private readonly directory: ActorDirectory,
    private readonly membership: Pick<Membership, 'isLive' | 'refresh'>,
    private readonly local: Pick<LocalNode, 'node' | 'address'>,
  ) {}

  /**
   * The registration that is there afterwards: the activation's own, or another, with which it has to {@link contend}.
   * @param replaces the activation that hands the actor over; undefined when none does.
   */
  register(actor: string, activation: string, replaces?: string): Promise<Registration> {
    return promised(() => this.directory.register(this.candidate(actor, activation), replaces));
  }

  /**
   * Another activation is registered: it stays if it is alive, and gives way otherwise. Resolves to the registration that holds: the
   * activation's own, or that of an activation elsewhere, which is where calls belong.
   */
  async contend(actor: string, activation: string, present: Registration): Promise<Registration> {
    const candidate = this.candidate(actor, activation);
    let holder = present;
    for (;;) {
      // What is registered for this very node is left over from an activation that has ended: the catalog has no other.
      const isLeftOver = sameNode(holder.node, candidate.node) || !(await this.isSurelyLive(holder));
      if (!isLeftOver) return holder;
      const replaces = holder.activation;
      holder = await this.directory.register(candidate, replaces);
      requireRegistration(holder);
      if (holder.activation === candidate.activation || holder.activation === replaces) return holder;
    }
  }

  private candidate(actor: string, activation: string): Registration {
    const { node, address } = this.local;
    return { actor, activation, node, address };
  }

  /**
   * The caller may have seen the node die that this one takes for live: sent back to a dead node it would come here again. So
   * nobody is rejected without a look at the present view.
   */
  private async isSurelyLive({ node }: Registration): Promise<boolean> {
    const { membership } = this;
    // Without the store the view that there is must do.
    if (membership.isLive(node)) await membership.refresh().catch(() => undefined);
    return membership.isLive(node);
  }

  /** The activation takes no more turns, and waits for another one to take its place. */
  depart(actor: string, activation: string): void {
    this.directory.depart?.(actor, activation);
  }

  /** Another activation has taken the place of this one. */
  departed(actor: string, activation: string): void {
    this.directory.departed?.(actor, activation);
  }

  /** The node of these activations. */
  get node(): NodeId {
    return this.local.node;
  }

  async unregister(actor: string, activation: string): Promise<void> {
    await this.directory.unregister(actor, activation);
  }
}

/** @throws TypeError for what a directory has answered and is no registration. */
export function requireRegistration(holder: Registration): void {
  if (typeof holder?.activation !== 'string' || typeof holder.node?.name !== 'string')
    throw noAnswer('registration', holder);
}
