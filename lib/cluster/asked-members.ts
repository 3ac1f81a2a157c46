import type { NodeId } from '../identity/node-id';
import { askStore, type Question } from '../providers/asked-store';
import { MEMBERSHIP_OPERATIONS, type JoinRequest, type MembershipStore, type MembershipView } from './membership-store';

const VIEW: Question<MembershipView> = {
  operation: MEMBERSHIP_OPERATIONS.read,
  what: 'view of the members',
  isAnswer: ({ version, members }) => Number.isSafeInteger(version) && members.every(isNode),
};

const JOINED: Question<NodeId | undefined> = {
  operation: MEMBERSHIP_OPERATIONS.join,
  what: 'node that has joined',
  isAnswer: (node) => node === undefined || isNode(node),
};

/** The members, by whatever store. @throws MoonpoolError as the store says, and STORAGE_UNAVAILABLE for what is no view. */
export function readMembers(store: MembershipStore): Promise<MembershipView> {
  return askStore(VIEW, () => store.read());
}

/** Undefined when the view has another version. @throws MoonpoolError as the store says, and STORAGE_UNAVAILABLE for what is no node. */
export function joinMembers(
  store: MembershipStore,
  request: JoinRequest,
  version: number,
): Promise<NodeId | undefined> {
  return askStore(JOINED, () => store.join(request, version));
}

function isNode({ name, incarnation }: NodeId): boolean {
  return typeof name === 'string' && Number.isSafeInteger(incarnation);
}
