import type { RollSequence } from '../../random/keyed-rolls';
import { bothWays, type Way } from './partition-rule';

/**
 * How machines are kept apart. `isolate`: one reaches nobody. `halves`: two random groups do not reach each other.
 * `one-way`: what one sends to one other does not arrive. `sender-only`: one can send and receives nothing.
 * `receiver-only`: one receives and cannot send. `store-only`: one does not reach the store. `bridge`: one and the other
 * nodes do not reach each other, while all reach the store and the clients.
 */
export type PartitionShape =
  | 'isolate'
  | 'halves'
  | 'one-way'
  | 'sender-only'
  | 'receiver-only'
  | 'store-only'
  | 'bridge';

export const PARTITION_SHAPES: readonly PartitionShape[] = [
  'isolate',
  'halves',
  'one-way',
  'sender-only',
  'receiver-only',
  'store-only',
  'bridge',
];

/** The machines that a partition is made of, by name. */
export interface PartitionedMachines {
  readonly nodes: readonly string[];
  readonly clients: readonly string[];
  readonly store: string;
}

/** The ways that a partition blocks. @param victim the node that it is about. @param rolls decide what the shape leaves open. */
export function waysOfPartition(
  shape: PartitionShape,
  victim: string,
  machines: PartitionedMachines,
  rolls: RollSequence,
): readonly Way[] {
  const otherNodes = machines.nodes.filter((node) => node !== victim);
  const others = [...otherNodes, ...machines.clients, machines.store];
  switch (shape) {
    case 'isolate':
      return bothWays([victim], others);
    case 'halves': {
      const half = others.filter(() => rolls.chance(0.5));
      const otherHalf = others.filter((machine) => !half.includes(machine));
      return bothWays([victim, ...half], otherHalf);
    }
    case 'one-way':
      return [{ from: victim, to: rolls.pick(others) }];
    case 'sender-only':
      return others.map((from) => ({ from, to: victim }));
    case 'receiver-only':
      return others.map((to) => ({ from: victim, to }));
    case 'store-only':
      return bothWays([victim], [machines.store]);
    case 'bridge':
      return bothWays([victim], otherNodes);
  }
}
