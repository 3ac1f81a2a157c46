import type { LocalNode } from '../identity/local-node';
import type { Logger } from '../observability/logger';
import { TimeLimits } from '../providers/time-limits';
import type { TimeProvider } from '../providers/time-provider';
import { readMembers } from './asked-members';
import type { LeaseOptions } from './lease-options';
import type { MembershipStore, MemberStatus } from './membership-store';

/** How often the status is written when others change the view meanwhile. */
const MAX_ATTEMPTS = 10;

/** What is needed to tell the cluster of this node. */
export interface OwnStatusParts {
  readonly store: MembershipStore;
  readonly local: LocalNode;
  readonly logger: Logger;
  readonly time: TimeProvider;
  readonly options: Pick<LeaseOptions, 'ttlMs'>;
}

/** Tells the cluster what this node is from now on. Tries a few times, for others may change the view meanwhile; a node that cannot say goodbye is noticed anyway, and waits no longer for that than its lease lasts. A client is no member. */
export async function changeOwnStatus(status: MemberStatus, parts: OwnStatusParts): Promise<void> {
  const { local, logger, time, options } = parts;
  if (local.role === 'client') return;
  const limits = new TimeLimits(time);
  const late = () => new TypeError(`the store of members gave no answer within ${options.ttlMs} ms`);
  try {
    await limits.within(options.ttlMs, write(status, parts), late);
  } catch (error) {
    logger.error(`this node could not tell the cluster that it is ${status}`, error);
  } finally {
    limits.stop();
  }
}

async function write(status: MemberStatus, { store, local }: OwnStatusParts): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { version } = await readMembers(store);
    if (await store.changeStatus(local.node, status, { version })) return;
  }
}
