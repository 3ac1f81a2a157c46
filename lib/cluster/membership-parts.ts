import type { Buggify } from '../chaos/buggify';
import type { LocalNode } from '../identity/local-node';
import type { EventLog } from '../observability/event-log';
import type { Logger } from '../observability/logger';
import type { HostProvider } from '../providers/host-provider';
import type { NetworkProvider } from '../providers/network-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { ClusterTerms } from './cluster-terms';
import type { HostedVersions } from './hosted-versions';
import type { Labels } from './labels';
import type { Lease } from './lease';
import type { LeaseOptions } from './lease-options';
import type { MembershipStore } from './membership-store';
import type { MemberLoad } from './member-load';
import type { Reach } from './reach';

/** What the membership of a node needs. */
export interface MembershipParts {
  readonly local: LocalNode;
  readonly store: MembershipStore;
  readonly lease: Lease;
  readonly options: LeaseOptions;
  readonly actorTypes: readonly string[];
  /** Undefined when all are of the first version. */
  readonly actorVersions?: HostedVersions | undefined;
  readonly labels: Labels;
  readonly host: HostProvider;
  readonly network: NetworkProvider;
  /** What this node tells the others of how much it has to do; it learns how late the timer of renewals is. */
  readonly load: MemberLoad;
  /** Whom this node reaches. */
  readonly reach: Reach;
  readonly terms: ClusterTerms;
  readonly time: TimeProvider;
  readonly buggify: Buggify;
  readonly events: EventLog;
  readonly logger: Logger;
}
