import { MoonpoolError } from '../errors/moonpool-error';
import type { LocalNode } from '../identity/local-node';
import { formatNodeId } from '../identity/node-id';
import type { Logger } from '../observability/logger';
import type { TimeProvider } from '../providers/time-provider';
import { joinMembers, readMembers } from './asked-members';
import { disagreement, type ClusterTerms } from './cluster-terms';
import { FailureDetector } from './failure-detector';
import { describeMember } from './fencing';
import { tellOfJoin } from './join-notices';
import { deathAfterMs } from './lease-options';
import type { JoinRequest, Member, MembershipStore, MembershipView } from './membership-store';

/** How often the view is read again at once when others have changed it, and how long each wait is after that, in milliseconds. */
const AT_ONCE = 10;
const PAUSE_MS = 20;

/** What is needed to look at the members before a node joins them. */
export interface JoiningParts {
  readonly cluster: string;
  readonly store: MembershipStore;
  readonly time: TimeProvider;
  readonly logger: Logger;
  readonly terms: ClusterTerms;
}

/** Looks at the members of a cluster before a node joins them, so that none joins that could not work with the others. */
export class Joining {
  /** One for each lease time that was met. */
  private readonly detectors = new Map<number, FailureDetector>();
  private overtaken = 0;

  constructor(private readonly parts: JoiningParts) {}

  /** Joins on the latest view, however many others join at the same time. Returns when the join that succeeded was sent. @throws as {@link view} */
  async join(request: JoinRequest, local: LocalNode): Promise<number> {
    const { store, time } = this.parts;
    for (;;) {
      const view = await this.view(request);
      const sentAt = time.now();
      const node = await joinMembers(store, request, view.version);
      if (node === undefined) {
        await this.wasOvertaken();
        continue;
      }
      local.join(node);
      await tellOfJoin(view, request, { ...this.parts, local });
      return sentAt;
    }
  }

  /**
   * The view on which the node may join: its members agree with it. Members that do not and whose leases are not renewed, such as those of a
   * cluster that was killed and is started with other options, are declared dead as by any member.
   * @throws MoonpoolError CLUSTER_MISMATCH when one that lives does not agree.
   */
  async view(request: JoinRequest): Promise<MembershipView> {
    const { store, time } = this.parts;
    const firstSeen = new Map<string, number>();
    for (;;) {
      const askedAt = time.now();
      const view = await readMembers(store);
      const strangers = view.members.filter((member) => this.differs(member, request));
      const [stranger] = strangers;
      if (stranger === undefined) return view;
      for (const member of strangers) {
        const counter = firstSeen.get(formatNodeId(member));
        // In a cluster of one process nobody can have died without the others.
        if (!store.shared || (counter !== undefined && member.leaseCounter > counter))
          throw this.mismatch(member, request);
        firstSeen.set(formatNodeId(member), counter ?? member.leaseCounter);
      }
      if (await this.bury(strangers, view, askedAt)) await this.wasOvertaken();
      else await time.sleep(ttlOf(stranger) / 6);
    }
  }

  /** Others have changed the view, and it is read again at once; but a store that always says so must not keep the process from all else. */
  private async wasOvertaken(): Promise<void> {
    if (++this.overtaken > AT_ONCE) await this.parts.time.sleep(PAUSE_MS);
  }

  private differs(member: Member, request: JoinRequest): boolean {
    // Whose name or address it takes will be gone, and from 0.1 nothing is known.
    const isReplaced = member.name === request.name || member.address === request.address;
    if (member.status === 'dead' || isReplaced || member.terms === undefined) return false;
    return disagreement(member.terms, this.parts.terms) !== undefined;
  }

  /** Declares dead who is: by the lease that the member had. True when there was one, and the view is another one now. */
  private async bury(strangers: readonly Member[], view: MembershipView, askedAt: number): Promise<boolean> {
    const { store, time, logger } = this.parts;
    const answeredAt = time.now();
    for (const ttlMs of new Set(strangers.map(ttlOf))) {
      const detector = this.detectors.get(ttlMs) ?? new FailureDetector(deathAfterMs({ ttlMs }));
      this.detectors.set(ttlMs, detector);
      const ofThisLease = { version: view.version, members: strangers.filter((member) => ttlOf(member) === ttlMs) };
      for (const member of detector.observe(ofThisLease, undefined, askedAt, answeredAt)) {
        const { version } = view;
        if (await store.changeStatus(member, 'dead', { version, leaseCounter: member.leaseCounter })) {
          logger.warn('a node with other options did not renew its lease and was declared dead', {
            node: describeMember(member),
          });
        }
        return true;
      }
    }
    return false;
  }

  private mismatch(member: Member, request: JoinRequest): MoonpoolError {
    const { cluster, terms } = this.parts;
    const difference = member.terms === undefined ? '' : disagreement(member.terms, terms);
    return new MoonpoolError('CLUSTER_MISMATCH', {
      message: `The node ${request.name} at ${request.address} did not join the cluster '${cluster}', for it would not understand ${describeMember(member)}: ${difference}`,
    });
  }
}

/** The lease of a member that has said so. */
function ttlOf({ terms }: Member): number {
  return terms?.leaseTtlMs ?? 0;
}
