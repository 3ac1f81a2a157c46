import type { LocalNode } from '../identity/local-node';
import type { Logger } from '../observability/logger';
import { describeMember } from './fencing';
import type { JoinRequest, MembershipStore, MembershipView } from './membership-store';

/** What is needed to tell of a join. */
export interface JoinNoticeParts {
  readonly store: MembershipStore;
  readonly local: LocalNode;
  readonly logger: Logger;
}

/**
 * Tells the log what is unusual in a join. Whoever had the name or the address is dead from now on: that is as it should be after a
 * crash, and worth knowing otherwise. The first node of a namespace in a store that has others may be a name that was mistyped.
 * @param view that on which it joined.
 */
export async function tellOfJoin(
  { members }: MembershipView,
  { name, address }: JoinRequest,
  { store, local, logger }: JoinNoticeParts,
): Promise<void> {
  for (const member of members) {
    const isReplaced = member.status !== 'dead' && (member.name === name || member.address === address);
    if (isReplaced)
      logger.info('this node takes the place of another one', {
        node: local.toString(),
        replaced: describeMember(member),
      });
  }
  if (members.length > 0) return;
  const others = await otherClustersOf(store);
  if (others.length > 0)
    logger.info('this node is the first of its namespace in a store that has others', {
      node: local.toString(),
      namespace: local.cluster,
      others: others.join(', '),
    });
}

/** The namespaces of other clusters in the store, as far as it tells; none when it cannot be asked. */
export async function otherClustersOf(store: MembershipStore): Promise<readonly string[]> {
  try {
    return (await store.otherClusters?.()) ?? [];
  } catch {
    // Whoever asks has something worse to tell.
    return [];
  }
}
