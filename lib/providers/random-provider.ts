import { token } from '../injection/token';
import { whole } from '../injection/whole-contract';

/** The randomness of one node. */
export interface RandomProvider {
  /** An unsigned 32-bit integer, each equally likely. */
  uint32(): number;
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
  /** An integer from 0 (included) to `bound` (excluded). `bound` is 1 to 2^32. */
  below(bound: number): number;
}
export const RandomProvider = token<RandomProvider>(
  'RandomProvider',
  whole('RandomProvider', () => ({ uint32: 0, fraction: 0, below: 0 }) satisfies Record<keyof RandomProvider, 0>),
);
