import { quietBuggify } from '../../lib/chaos/buggify';
import type { Member, MembershipView, MemberStatus } from '../../lib/cluster/membership-store';
import { DirectoryPort } from '../../lib/directory/directory-port';
import { RangeOwners, RANGES } from '../../lib/directory/ranges';
import type { RangesRequest } from '../../lib/directory/directory-requests';
import { DirectoryService } from '../../lib/directory/directory-service';
import { PartitionedDirectory } from '../../lib/directory/partitioned-directory';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { LocalNode } from '../../lib/identity/local-node';
import type { NodeId } from '../../lib/identity/node-id';
import { silentEventLog } from '../../lib/observability/event-log';
import type { Registration } from '../../lib/directory/actor-directory';
import type { NodeEndpoints } from '../../lib/services/node-endpoints';

/** One node of a cluster whose directory is partitioned. */
export interface DirectoryNode {
  readonly id: NodeId;
  readonly address: string;
  readonly directory: PartitionedDirectory;
  readonly port: DirectoryPort;
  isLeaseHeld: boolean;
  /** Whether anybody reaches it. */
  isReached: boolean;
  /** Whether it cannot read the members. */
  isStoreAway: boolean;
  /** Sees the members as they are now. */
  look(): void;
  /** Those that it owns, as it sees it. */
  ranges(): readonly number[];
}

const ALL_RANGES = Array.from({ length: RANGES }, (_, range) => range);

type Listeners = { readonly views: ((view: MembershipView) => void)[]; readonly deaths: ((member: Member) => void)[] };

/** Lets promises that are settled be noticed. */
export const moment = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Nodes that keep a directory, without a network: a request is answered some turns of the event loop later. Their time goes by whenever one of them waits. */
export class DirectoryCluster {
  readonly nodes: DirectoryNode[] = [];
  /** What was asked, as `from>to method`. */
  readonly asked: string[] = [];
  /** Is awaited before an answer arrives: for answers that come late. */
  onAnswer: (method: string, from: DirectoryNode, to: DirectoryNode) => Promise<void> = async () => undefined;
  now = 0;
  private members: Member[] = [];
  private version = 0;

  /** Another node joins; the others see it when they look. */
  join(): DirectoryNode {
    const index = this.nodes.length + 1;
    const id = { name: `n${index}`, incarnation: index };
    const node = this.make(id, `n${index}:1`);
    this.nodes.push(node);
    this.members.push({
      ...id,
      address: node.address,
      status: 'active',
      leaseCounter: 0,
      actorTypes: [],
      load: 0,
    });
    this.version++;
    return node;
  }

  /** All nodes see the members as they are now, and what they begin then comes to its end. */
  async settle(): Promise<void> {
    for (const node of this.nodes) node.look();
    for (let turn = 0; turn < 20; turn++) await moment();
  }

  change(node: DirectoryNode, status: MemberStatus): void {
    this.members = this.members.map((member) => (member.name === node.id.name ? { ...member, status } : member));
    this.version++;
    if (status === 'dead') node.isReached = false;
  }

  get view(): MembershipView {
    return { version: this.version, members: [...this.members] };
  }

  service(node: DirectoryNode): DirectoryService {
    return new DirectoryService(node.port);
  }

  registrationAt(node: DirectoryNode, actor: string, activation: string): Registration {
    return { actor, activation, node: node.id, address: node.address };
  }

  private make(id: NodeId, address: string): DirectoryNode {
    const listeners: Listeners = { views: [], deaths: [] };
    const port = new DirectoryPort();
    let seen: MembershipView = { version: -1, members: [] };
    const look = (): void => {
      const before = seen;
      seen = this.view;
      if (seen.version === before.version) return;
      for (const listener of listeners.views) listener(seen);
      for (const member of seen.members)
        if (member.status === 'dead') for (const listener of listeners.deaths) listener(member);
    };
    const isLive = ({ name }: NodeId): boolean =>
      seen.members.find((member) => member.name === name)?.status !== 'dead';
    const node: DirectoryNode = {
      ...{ id, address, port, look },
      ranges: () => {
        const owners = new RangeOwners(seen);
        return ALL_RANGES.filter((range) => owners.isOwner(id, range));
      },
      ...{ isLeaseHeld: true, isReached: true, isStoreAway: false },
      directory: new PartitionedDirectory({
        port,
        local: { node: id, hasJoined: true, address } as LocalNode,
        membership: {
          get view() {
            return seen;
          },
          isLive,
          refresh: async () => {
            if (node.isStoreAway) throw new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'the store is away' });
            look();
          },
          onView: (listener) => void listeners.views.push(listener),
          onDeath: (listener) => void listeners.deaths.push(listener),
        },
        lease: {
          get held() {
            return node.isLeaseHeld;
          },
        },
        leases: { ttlMs: 3_000, isolationMs: 0 },
        endpoints: { connect: (_type: unknown, to: string) => this.clientOf(() => node, to) } as Pick<
          NodeEndpoints,
          'connect'
        >,
        time: {
          now: () => this.now,
          wallClock: () => this.now,
          schedule: () => ({ cancel: () => undefined }),
          sleep: async (ms: number) => {
            this.now += ms;
            await moment();
          },
        },
        tasks: {
          spawn: (_name, work) => void work(),
          defer: (callback) => void setImmediate(callback),
          yield: moment,
        },
        events: silentEventLog,
        buggify: quietBuggify,
      }),
    };
    return node;
  }

  private clientOf(from: () => DirectoryNode, address: string): unknown {
    const exchange = async (method: 'ask' | 'tell', request: unknown): Promise<unknown> => {
      const to = this.nodes.find((node) => node.address === address);
      this.asked.push(`${from().id.name}>${to?.id.name ?? '?'} ${method}${describe(method, request)}`);
      await moment();
      if (to?.isReached !== true || !from().isReached)
        throw new MoonpoolError('NODE_UNREACHABLE', { message: `${address} could not be reached` });
      const answer: unknown = await new DirectoryService(to.port)[method](request);
      await this.onAnswer(method, from(), to);
      return answer;
    };
    const client = {
      ask: (request: unknown) => exchange('ask', request),
      tell: (request: unknown) => exchange('tell', request),
      $with: () => client,
    };
    return client;
  }
}

function describe(method: string, request: unknown): string {
  return method === 'tell' && (request as RangesRequest).restores ? ' to restore' : '';
}
