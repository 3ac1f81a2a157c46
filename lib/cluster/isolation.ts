import { sameNode, type NodeId } from '../identity/node-id';
import type { Member } from './membership-store';

/**
 * More than half of the living members, none of which reaches the node, while they all reach each other; undefined where there are none. Two such groups have a member in common, and it
 * reaches all of both: so nobody of such a group is ever out of reach of another one, and at most a minority is isolated, however a network is cut.
 * @param living the members that live, each with whom it does not reach. @param isFresh whether what a member has reported is not old.
 */
export function majorityWithout(
  node: NodeId,
  living: readonly Member[],
  isFresh: (member: Member) => boolean,
): readonly Member[] | undefined {
  let group = living.filter((member) => !sameNode(member, node) && lacks(member, node) && isFresh(member));
  while (2 * group.length > living.length) {
    const apart = group.map((member) => ({ member, from: countApart(member, group) }));
    const worst = apart.reduce((most, each) => (each.from > most.from ? each : most));
    if (worst.from === 0) return group;
    group = group.filter((member) => member !== worst.member);
  }
  return undefined;
}

/** How many of the group it may not reach, or not be reached by. A network is not cut at one moment for all: who is doubted today may be the next. */
function countApart(member: Member, group: readonly Member[]): number {
  return group.filter((other) => doubts(member, other) || doubts(other, member)).length;
}

function lacks({ reach }: Member, { incarnation }: NodeId): boolean {
  return reach?.unreached.includes(incarnation) === true;
}

function doubts({ reach }: Member, { incarnation }: NodeId): boolean {
  return reach?.doubted.includes(incarnation) === true;
}
