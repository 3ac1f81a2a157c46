import type { Membership } from '../cluster/membership';
import type { Member, MembershipView } from '../cluster/membership-store';
import { actorOfId } from '../deliveries/delivery-id';
import type { ActorDirectory } from '../directory/actor-directory';
import { MoonpoolError } from '../errors/moonpool-error';
import { declareService } from '../services/service-declaration';
import type { StateStorage } from '../storage/state-storage';
import type { DeliveryPage } from '../storage/stored-delivery';
import type { ActorPage } from '../storage/stored-state';
import { actorQueryIn, deliveryQueryIn, messagesIn, pathIn, pathsIn, settlementIn } from './gateway-requests';

/** What a gateway needs of its node. */
export interface GatewayParts {
  /** The cluster, whose actors alone are spoken of. */
  readonly cluster: string;
  readonly membership: Pick<Membership, 'refresh' | 'view'>;
  readonly directory: Pick<ActorDirectory, 'lookup'>;
  readonly storage: Pick<StateStorage, 'list' | 'count' | 'deliver' | 'deliveries' | 'settle'>;
}

/** Where an actor is. A type and no interface, as whatever travels. */
export type FoundActor = {
  readonly activation: string;
  readonly name: string;
  readonly incarnation: number;
  readonly address: string;
};

/**
 * What clients that have no access to the store need from it, asked of a node: who the members are, where an actor is, which actors there are, and
 * messages that must arrive. Nothing by which states could be read or written. Other applications in the same store are not spoken of.
 */
export class GatewayService {
  constructor(private readonly parts: GatewayParts) {}

  /** The members as the store knows them now. @throws MoonpoolError STORAGE_UNAVAILABLE */
  async members(): Promise<MembershipView> {
    const { membership } = this.parts;
    await membership.refresh();
    const { version, members } = membership.view;
    return { version, members: members.map(plain) };
  }

  /** null: the actor is nowhere. @throws MoonpoolError INVALID_OPTION, STORAGE_UNAVAILABLE */
  async lookup(path: string): Promise<FoundActor | null> {
    const actor = this.own(pathIn(path));
    const found = await this.parts.directory.lookup(actor);
    if (found === undefined) return null;
    const { activation, node, address } = found;
    return { activation, name: node.name, incarnation: node.incarnation, address };
  }

  /** The same for several actors at once, in their order. @throws MoonpoolError INVALID_OPTION, STORAGE_UNAVAILABLE */
  async lookupAll(paths: unknown): Promise<readonly (FoundActor | null)[]> {
    return Promise.all(pathsIn(paths).map((path) => this.lookup(path)));
  }

  async list(query: unknown): Promise<ActorPage> {
    const asked = actorQueryIn(query);
    this.own(asked.prefix);
    const { actors, isLast } = await this.parts.storage.list(asked);
    return { actors: actors.map(({ actor, version }) => ({ actor, version })), isLast };
  }

  async count(prefix: string): Promise<number> {
    return this.parts.storage.count(this.own(pathIn(prefix)));
  }

  async deliver(messages: unknown): Promise<void> {
    const deliveries = messagesIn(messages);
    for (const { id, target } of deliveries) {
      this.own(target);
      this.ownId(id);
    }
    await this.parts.storage.deliver(deliveries);
  }

  /** Pages in which nothing is of this application are passed over, for a page that is empty is taken for the end. */
  async deliveries(query: unknown): Promise<DeliveryPage> {
    for (let asked = deliveryQueryIn(query); ;) {
      const { deliveries, isLast } = await this.parts.storage.deliveries(asked);
      const own = deliveries.filter(({ target }) => this.isOwn(target));
      const last = deliveries.at(-1);
      if (own.length > 0 || isLast || last === undefined) return { deliveries: own, isLast };
      asked = { ...asked, after: last.id };
    }
  }

  async settle(settlement: unknown): Promise<boolean> {
    const given = settlementIn(settlement);
    this.ownId(given.id);
    return this.parts.storage.settle(given);
  }

  private own(path: string): string {
    if (this.isOwn(path)) return path;
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The gateway of ${this.parts.cluster} was asked for '${path}', which is of another application`,
      remedy: 'Ask a node of that application.',
    });
  }

  /** The id of a message that has no name cannot be guessed. */
  private ownId(id: string): void {
    const actor = actorOfId(id);
    if (actor !== undefined) this.own(actor);
  }

  private isOwn(path: string): boolean {
    return path.startsWith(`${this.parts.cluster}/`);
  }
}

declareService(GatewayService, 3, [
  'members',
  'lookup',
  'list',
  'count',
  'deliver',
  'deliveries',
  'settle',
  'lookupAll',
]);

/** What a client needs of a member. What it said of its process and its options is for nodes. */
function plain({ name, incarnation, address, status, leaseCounter, actorTypes, ...said }: Member): Member {
  const { actorVersions, labels, load } = said;
  const member = { name, incarnation, address, status, leaseCounter, actorTypes: [...actorTypes], load };
  return {
    ...member,
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(actorVersions === undefined ? {} : { actorVersions: { ...actorVersions } }),
  };
}
