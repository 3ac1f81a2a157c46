import type { Hello } from '../handshake/hello';
import { formatNodeId, sameNode } from '../identity/node-id';
import type { GreetingJudge } from '../transport/greeting-policy';
import type { Membership } from './membership';

/** Judges greetings by the view: who is dead is not talked to, and who listens where a member does is vouched for. */
export class MemberPolicy implements GreetingJudge {
  constructor(private readonly membership: Membership) {}

  refuses({ role, node }: Hello): string | undefined {
    const { membership } = this;
    if (role === 'node')
      return membership.isLive(node) ? undefined : `${formatNodeId(node)} was declared dead, or is of an earlier life`;
    // Calls are known by the name and the incarnation of their process: nobody else may use those of a node.
    return membership.view.members.some((member) => sameNode(member, node))
      ? `${formatNodeId(node)} is a node of this cluster, and greets as ${role === 'client' ? 'a client' : 'an operator'}`
      : undefined;
  }

  vouchesFor({ node, address }: Hello): boolean {
    return this.membership.view.members.some(
      (member) => sameNode(member, node) && member.address === address && member.status !== 'dead',
    );
  }
}
