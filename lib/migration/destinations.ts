import { hosts, versionAt } from '../cluster/hosted-versions';
import type { Membership } from '../cluster/membership';
import type { Member } from '../cluster/membership-store';
import type { Location } from '../directory/location-cache';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { LocalNode } from '../identity/local-node';
import { formatNodeId, sameNode } from '../identity/node-id';
import type { KnownActors } from '../metadata/actor-descriptor';
import type { ActorLocator } from '../placement/actor-locator';
import type { MoveTarget } from './migration-requests';

/** What is needed to choose where an actor moves. */
export interface DestinationsParts {
  readonly local: Pick<LocalNode, 'node' | 'address'>;
  readonly membership: Pick<Membership, 'view' | 'refresh'>;
  readonly locator: Pick<ActorLocator, 'elsewhere'>;
  readonly known: KnownActors;
}

/** The nodes to which actors of this node may move. */
export class Destinations {
  constructor(private readonly parts: DestinationsParts) {}

  /**
   * The node that was named, or one that placement chooses among the others, by the present view of the cluster.
   * @throws MoonpoolError MIGRATION_REFUSED, NO_NODE_AVAILABLE
   */
  of(actor: ActorId, to: MoveTarget | undefined): Location {
    if (to === undefined) return this.parts.locator.elsewhere(actor);
    const meant = this.parts.membership.view.members.filter((known) => isMeant(known, to));
    const member = meant.find(({ status }) => status === 'active') ?? meant[0];
    const objection = this.objectionTo(member, actor);
    if (member === undefined || objection !== undefined) throw refused(actor, `to ${described(to)}: ${objection}`);
    const { name, incarnation, address } = member;
    return { node: { name, incarnation }, address };
  }

  /** As {@link of}, and looks at the cluster as it is now before it says that there is none. */
  async find(actor: ActorId, to: MoveTarget | undefined): Promise<Location> {
    try {
      return this.of(actor, to);
    } catch (error) {
      if (!isMoonpoolError(error)) throw error;
      await this.parts.membership.refresh();
      return this.of(actor, to);
    }
  }

  /** As {@link of}, among the nodes whose addresses will do. @throws MoonpoolError NO_NODE_AVAILABLE */
  among(actor: ActorId, mayBe: (address: string) => boolean): Location {
    return this.parts.locator.elsewhere(actor, mayBe);
  }

  /** Whether there are other nodes at all. */
  async hasAny(): Promise<boolean> {
    return (await this.serving()).some((known) => !sameNode(known, this.parts.local.node));
  }

  /** Whether the node still serves. */
  async has({ node }: Location): Promise<boolean> {
    return (await this.serving()).some((known) => sameNode(known, node));
  }

  /** In the cluster as it is now, or as it was seen last where the store does not answer. */
  private async serving(): Promise<readonly Member[]> {
    const { membership } = this.parts;
    await membership.refresh().catch(() => undefined);
    return membership.view.members.filter(({ status }) => status === 'active');
  }

  private objectionTo(member: Member | undefined, { type }: ActorId): string | undefined {
    if (member === undefined) return 'there is no such node in the cluster';
    if (sameNode(member, this.parts.local.node)) return 'it is there';
    if (member.status !== 'active') return `that node is ${member.status}`;
    if (!member.actorTypes.includes(type)) return `that node does not host the actor type '${type}'`;
    // What the actor has stored may be of the version that it has here.
    const own = this.parts.known.get(type)?.version;
    if (own === undefined || hosts(member, type, own)) return undefined;
    return `that node has version ${versionAt(member, type)} of its class, and it has version ${own.number} here`;
  }
}

/** The actor was not moved, and is where it was. */
export function refused({ path }: Pick<ActorId, 'path'>, why: string): MoonpoolError {
  return new MoonpoolError('MIGRATION_REFUSED', { message: `The actor ${path} cannot move ${why}` });
}

function isMeant(member: Member, to: MoveTarget): boolean {
  return typeof to === 'string' ? member.address === to : sameNode(member, to);
}

function described(to: MoveTarget): string {
  return typeof to === 'string' ? to : formatNodeId(to);
}
