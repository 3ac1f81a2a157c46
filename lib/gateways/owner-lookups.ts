import type { Membership } from '../cluster/membership';
import type { Member } from '../cluster/membership-store';
import type { ActorDirectory, Registration } from '../directory/actor-directory';
import { GatheredRequests } from '../directory/gathered-requests';
import { RangeOwners, rangeOf } from '../directory/ranges';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { TaskProvider } from '../providers/task-provider';
import type { RpcClient } from '../rpc/rpc-client';
import { reasonIn } from '../services/handler-reason';
import type { NodeEndpoints } from '../services/node-endpoints';
import { GatewayService, type FoundActor } from './gateway-service';

/** What the lookups of a client need. */
export interface OwnerLookupsParts {
  readonly membership: Pick<Membership, 'view' | 'refresh' | 'onView'>;
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
  private owners: RangeOwners | undefined;
  /** The nodes of the present view that were asked, by their addresses. */
  private readonly gateways = new Map<string, RpcClient<GatewayService>>();
  private readonly gathered: GatheredRequests<string, FoundActor | null>;

  constructor(private readonly parts: OwnerLookupsParts) {
    this.gathered = new GatheredRequests({
      tasks: parts.tasks,
      most: MOST_TOGETHER,
      ask: (address, actors) => this.gatewayAt(address).lookupAll(actors),
    });
    parts.membership.onView(() => this.gateways.clear());
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

  private gatewayAt(address: string): RpcClient<GatewayService> {
    let gateway = this.gateways.get(address);
    if (gateway === undefined) {
      gateway = this.parts.endpoints.connect(GatewayService, address).$with({ timeoutMs: ATTEMPT_MS });
      this.gateways.set(address, gateway);
    }
    return gateway;
  }

  private inOrder(actor: string): readonly Member[] {
    const { view } = this.parts.membership;
    if (this.owners?.view !== view) this.owners = new RangeOwners(view);
    const owner = this.owners.ownerOf(rangeOf(actor));
    const others = view.members.filter((member) => member.status === 'active' && member !== owner);
    return [...(owner === undefined ? [] : [owner]), ...others].slice(0, MOST_ASKED);
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
