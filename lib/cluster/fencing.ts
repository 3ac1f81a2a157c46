import { formatNodeId, type NodeId } from '../identity/node-id';
import { describeProcess } from '../providers/host-provider';
import type { Member, MembershipView } from './membership-store';

/** Why a node must serve no more, and what to do about it. */
export interface Fencing {
  /** A clause for messages. */
  readonly why: string;
  readonly remedy: string;
}

const START_ANEW =
  'This node lost its place in the cluster: start it again, in a process of its own or with ActorRuntime.start.';

/** Its own clock says so: nobody has confirmed a renewal for too long. */
export const LEASE_RAN_OUT: Fencing = {
  why: 'its lease was not renewed in time',
  remedy: `${START_ANEW} Look for what kept it from its store, or made it stand still.`,
};

/** It reaches the store, and nobody else does reach it. @param group those who do not. @param living how many members there are. */
export function outOfReach(group: readonly Member[], living: number): Fencing {
  return {
    why: `${group.length} of the ${living} members, who reach each other, have not reached it for too long: ${group.map(formatNodeId).join(', ')}`,
    remedy: `${START_ANEW} Look at the network between it and the others, and at its \`advertise\`; \`lease.isolationMs\` says how long they have to wait.`,
  };
}

/** What it was asked to serve from is not there any more. @param why as the store says it. */
export function storeIsGone(why: string, remedy: string): Fencing {
  return { why, remedy };
}

/** The view says that the node is dead: who has taken its place there, if anybody has. */
export function declaredDead(view: MembershipView, node: NodeId, address: string): Fencing {
  const successor = successorOf(view, node, address);
  if (successor === undefined) return { why: 'the cluster has declared this node dead', remedy: START_ANEW };
  const taken = successor.name === node.name ? `its name '${node.name}'` : `its address ${address}`;
  return {
    why: `${describeMember(successor)} has joined the cluster since and has taken ${taken}`,
    remedy: `${START_ANEW} If both processes are meant to live, give each a \`name\` and an address of its own, or no name: then it makes one.`,
  };
}

/** The member for people: who it is, where it listens, and which process it is. */
export function describeMember(member: Member): string {
  const origin = member.origin === undefined ? '' : ` (${describeProcess(member.origin)})`;
  return `${formatNodeId(member)} at ${member.address}${origin}`;
}

/** Whoever joined next under the name or the address has ended the node, though it may itself be dead by now. */
function successorOf({ members }: MembershipView, node: NodeId, address: string): Member | undefined {
  const later = members.filter(
    (member) => member.incarnation > node.incarnation && (member.name === node.name || member.address === address),
  );
  return later.sort((a, b) => a.incarnation - b.incarnation)[0];
}
