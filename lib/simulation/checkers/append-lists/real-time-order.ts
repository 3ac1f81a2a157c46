import type { DependencyGraph } from './dependency-graph';
import type { ListTransaction } from './transaction';

/**
 * Adds to the graph that what had ended comes before what began later. Only the last ones to end before a beginning are
 * named; the earlier ones come before those. Returns the graph.
 */
export function addRealTime(graph: DependencyGraph, transactions: readonly ListTransaction[]): DependencyGraph {
  const moments: { readonly at: number; readonly number: number; readonly isEnd: boolean }[] = [];
  for (const [number, { operation }] of transactions.entries()) {
    if (operation.outcome === 'failed') continue;
    moments.push({ at: operation.invokedAt, number, isEnd: false });
    if (operation.outcome === 'ok') moments.push({ at: operation.completedAt, number, isEnd: true });
  }
  moments.sort((a, b) => a.at - b.at);
  const predecessors = new Map<number, readonly number[]>();
  const border = new Set<number>();
  for (const { number, isEnd } of moments) {
    if (isEnd) {
      for (const earlier of predecessors.get(number) ?? []) border.delete(earlier);
      border.add(number);
    } else {
      const before = [...border];
      predecessors.set(number, before);
      for (const from of before) graph.add({ from, to: number, kind: 'rt', why: 'had ended before the next began' });
    }
  }
  return graph;
}
