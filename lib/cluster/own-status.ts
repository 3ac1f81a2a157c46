import type { LocalNode } from '../identity/local-node';
import type { Logger } from '../observability/logger';
import type { MembershipStore, MemberStatus } from './membership-store';

/** How often the status is written when others change the view meanwhile. */
const MAX_ATTEMPTS = 10;

/** What is needed to tell the cluster of this node. */
export interface OwnStatusParts {
  readonly store: MembershipStore;
  readonly local: LocalNode;
  readonly logger: Logger;
}

/** Tells the cluster what this node is from now on. Tries a few times, for others may change the view meanwhile; a node that cannot say goodbye is noticed anyway. A client is no member. */
export async function changeOwnStatus(status: MemberStatus, { store, local, logger }: OwnStatusParts): Promise<void> {
  if (local.role === 'client') return;
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { version } = await store.read();
      if (await store.changeStatus(local.node, status, { version })) return;
    }
  } catch (error) {
    logger.error(`this node could not tell the cluster that it is ${status}`, error);
  }
}
