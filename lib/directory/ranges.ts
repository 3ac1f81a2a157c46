import type { Member, MembershipView } from '../cluster/membership-store';
import { sameNode, type NodeId } from '../identity/node-id';
import { hashOf } from '../wire/text-hash';

/** Into how many ranges of hashes the actors are divided: with 30 nodes each owns 34 of them, give or take 6. */
export const RANGES = 1_024;

/** The range of an actor, the same in every process. */
export function rangeOf(path: string): number {
  return hashOf(path) % RANGES;
}

/**
 * Who owns which range in a view: of the active members the one whose name, hashed with the range, is the greatest number, so that all processes agree without a word, and a node that
 * comes or goes changes the owner of its own share alone (D. Thaler and C. Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996). While no member is active those
 * that leave own them still.
 */
export class RangeOwners {
  private readonly members: readonly Member[];
  private table: Uint16Array | undefined;

  /** @param without a node that is taken to be none. */
  constructor(
    readonly view: MembershipView,
    without?: NodeId,
  ) {
    const live = view.members.filter(
      (member) => member.status !== 'dead' && (without === undefined || !sameNode(member, without)),
    );
    const active = live.filter(({ status }) => status === 'active');
    this.members = active.length > 0 ? active : live;
  }

  /** Undefined while the cluster has no node. */
  ownerOf(range: number): Member | undefined {
    this.table ??= tableOf(this.members);
    return this.members[this.table[range] ?? 0];
  }

  isOwner(node: NodeId, range: number): boolean {
    const owner = this.ownerOf(range);
    return owner !== undefined && sameNode(owner, node);
  }
}

const TABLES_KEPT = 32;
/** The last tables by the names of their members: all nodes of a simulated cluster ask for the same ones. */
const tables = new Map<string, Uint16Array>();

/** The index of the owner of each range among the members. */
function tableOf(members: readonly Member[]): Uint16Array {
  const names = members.map(({ name }) => name);
  const key = JSON.stringify(names);
  const present = tables.get(key);
  if (present !== undefined) return present;
  const table = tableOfNames(names);
  for (const oldest of tables.keys()) if (tables.size >= TABLES_KEPT) tables.delete(oldest);
  tables.set(key, table);
  return table;
}

function tableOfNames(names: readonly string[]): Uint16Array {
  const hashes = names.map((name) => hashOf(name));
  const table = new Uint16Array(RANGES);
  for (let range = 0; range < RANGES; range++) {
    let greatest = -1;
    for (const [index, hash] of hashes.entries()) {
      const weight = mixed(hash, range);
      if (weight > greatest) [table[range], greatest] = [index, weight];
    }
  }
  return table;
}

/** The finalizer of MurmurHash3 (Austin Appleby) over a hash and a number. */
function mixed(hash: number, range: number): number {
  let mix = hash ^ Math.imul(range + 1, 0x9e37_79b1);
  mix = Math.imul(mix ^ (mix >>> 16), 0x85eb_ca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2_ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
