/**
 * The identity of one life of a node: its name and the incarnation that the membership store gave it when it joined.
 * A node that restarts keeps its name and gets a greater incarnation; messages of older incarnations are refused.
 */
export interface NodeId {
  readonly name: string;
  readonly incarnation: number;
}

/** `name#incarnation`, the form in which a node id is a key of maps and stores. */
export function formatNodeId(node: NodeId): string {
  return `${node.name}#${node.incarnation}`;
}

export function sameNode(a: NodeId, b: NodeId): boolean {
  return a.incarnation === b.incarnation && a.name === b.name;
}
