import type { Membership } from '../cluster/membership';
import type { Member, MembershipView } from '../cluster/membership-store';
import type { ActorDirectory, Registration } from '../directory/actor-directory';
import { GatheredRequests } from '../directory/gathered-requests';
import { RangeOwners, rangeOf } from '../directory/ranges';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { TaskProvider } from '../providers/task-provider';
import { reasonIn } from '../services/handler-reason';
import type { NodeEndpoints } from '../services/node-endpoints';
import { ServiceClients } from '../services/service-clients';
import { GatewayService, type FoundActor } from './gateway-service';

/** What the lookups of a client need. */
export interface OwnerLookupsParts {
  readonly membership: Pick<Membership, 'view' | 'refresh'>;
  readonly tasks: TaskProvider;
  readonly endpoints: Pick<NodeEndpoints, 'connect'>;
}

/** How long a node is waited for, in milliseconds. */
const ATTEMPT_MS = 2_000;
/** How many nodes are asked before it is given up. */
const MOST_ASKED = 3;
/** How many lookups go together at most: with the longest keys they fit into a packet. */
const MOST_TOGETHER = 200;

/**
 * The directory as a client sees it where the nodes keep it: the owner of the actor's range is asked, and another node, which asks the owner in turn, when that does not
 * answer.
 */
export class OwnerLookups implements ActorDirectory {
  private owners = new RangeOwners({ version: -1, members: [] });
  private readonly gateways: ServiceClients<GatewayService>;
  private readonly gathered: GatheredRequests<string, FoundActor | null>;

  constructor(private readonly parts: OwnerLookupsParts) {
    this.gateways = new ServiceClients(parts.endpoints, GatewayService, ATTEMPT_MS);
    this.gathered = new GatheredRequests({
      tasks: parts.tasks,
      most: MOST_TOGETHER,
      ask: (address, actors) => this.gateways.at(address).lookupAll(actors),
    });
  }

  /** @throws MoonpoolError STORAGE_UNAVAILABLE */
  async lookup(actor: string): Promise<Registration | undefined> {
    const failures: string[] = [];
    let cause: unknown;
    for (const { address } of this.inOrder(actor)) {
      try {
        const found = await this.gathered.ask(address, actor);
        if (found === null) return undefined;
        const { activation, name, incarnation, address: place } = found;
        return { actor, activation, node: { name, incarnation }, address: place };
      } catch (error) {
        cause = reasonIn(error);
        failures.push(`${address} (${reasonOf(cause)})`);
      }
    }
    // The next lookup may see other nodes.
    await this.parts.membership.refresh().catch(() => undefined);
    throw unavailable(actor, failures, cause);
  }

  async register({ actor }: Registration): Promise<Registration> {
    throw notOffered(`register ${actor}`);
  }

  async unregister(actor: string): Promise<void> {
    throw notOffered(`remove the registration of ${actor}`);
  }

  private inOrder(actor: string): readonly Member[] {
    const { view } = this.parts.membership;
    if (this.owners.view.version !== view.version) this.adopt(view);
    const owner = this.owners.ownerOf(rangeOf(actor));
    const others = view.members.filter((member) => member.status === 'active' && member !== owner);
    return [...(owner === undefined ? [] : [owner]), ...others].slice(0, MOST_ASKED);
  }

  private adopt(view: MembershipView): void {
    this.owners = new RangeOwners(view);
    this.gateways.keep(view.members.map(({ address }) => address));
  }
}

function unavailable(actor: string, failures: readonly string[], cause: unknown): MoonpoolError {
  const who = failures.length === 0 ? 'the cluster has no active node' : `asked were ${failures.join(', ')}`;
  return new MoonpoolError('STORAGE_UNAVAILABLE', {
    message: `The directory could not look up an actor, ${actor}: ${who}`,
    executed: 'no',
    remedy: 'Look whether these nodes run and can be reached from here.',
    cause,
  });
}

function notOffered(what: string): MoonpoolError {
  return new MoonpoolError('FEATURE_MISSING', { message: `A client cannot ${what}`, remedy: 'Do it on a node.' });
}
