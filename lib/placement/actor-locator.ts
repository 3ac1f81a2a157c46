import { MoonpoolError } from '../errors/moonpool-error';
import type { Membership } from '../cluster/membership';
import type { ActorDirectory } from '../directory/actor-directory';
import type { Location } from '../directory/location-cache';
import type { ActorId } from '../identity/actor-id';
import type { PlacementStrategy } from './placement-strategy';
import type { LocalNode } from '../identity/local-node';

/** Finds the node of an actor: the one that the directory names if it lives, otherwise one that placement chooses. */
export class ActorLocator {
  constructor(
    private readonly directory: ActorDirectory,
    private readonly membership: Membership,
    private readonly placement: PlacementStrategy,
    private readonly local: LocalNode,
  ) {}

  /** @throws MoonpoolError NO_NODE_AVAILABLE, STORAGE_UNAVAILABLE */
  async locate(id: ActorId): Promise<Location> {
    const registration = await this.directory.lookup(id.path);
    if (registration !== undefined && this.membership.isLive(registration.node)) return registration;
    return this.place(id);
  }

  /** A node that hosts the actor type, chosen by placement. @throws MoonpoolError NO_NODE_AVAILABLE, STORAGE_UNAVAILABLE */
  async place(id: ActorId): Promise<Location> {
    const { role } = this.local;
    let candidates = this.membership.hostsOf(id.type);
    if (candidates.length === 0) {
      await this.membership.refresh();
      candidates = this.membership.hostsOf(id.type);
    }
    if (candidates.length === 0) {
      const active = this.membership.view.members.filter(({ status }) => status === 'active').length;
      throw active === 0
        ? await this.nobodyThere(id)
        : new MoonpoolError('NO_NODE_AVAILABLE', { message: `${describeLack(active, id.type)}, for ${id.path}` });
    }
    const chosen = this.placement.choose(candidates, role === 'node' ? this.local.node : undefined);
    return { node: { name: chosen.name, incarnation: chosen.incarnation }, address: chosen.address };
  }

  /** Nodes of another namespace in the same store are most often those that were meant. */
  private async nobodyThere(id: ActorId): Promise<MoonpoolError> {
    const others = await this.membership.otherClusters();
    const message = `The cluster '${id.namespace}' has no active node, for ${id.path}`;
    if (others.length === 0) return new MoonpoolError('NO_NODE_AVAILABLE', { message });
    return new MoonpoolError('NO_NODE_AVAILABLE', {
      message: `${message}; the store has nodes of the namespace ${others.map((name) => `'${name}'`).join(', ')}`,
      remedy: 'Correct `namespace` here or there, or start a node of this namespace.',
    });
  }
}

function describeLack(active: number, type: string): string {
  return `${active === 1 ? 'The only active node does not host' : `None of the ${active} active nodes hosts`} the actor type ${type}`;
}
