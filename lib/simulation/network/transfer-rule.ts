/** What one side of a connection sends to the other. */
export interface Transfer {
  /** The sending host. */
  readonly from: string;
  /** The receiving host. */
  readonly to: string;
  readonly kind: 'connect' | 'data' | 'end' | 'reset';
  readonly bytes: number;
  /** The connection, by number; the same in both directions. */
  readonly connection: number;
  /** Virtual time at which it is judged. */
  readonly at: number;
}

/** What becomes of a transfer. `hold`: it waits, with all that comes after it, until the rule is asked again. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'cut' };

export const PASS: Verdict = { kind: 'pass' };

/**
 * A fault of the network: it sees each transfer when it leaves, and again when it arrives, and says what becomes of it.
 * Rules are asked in order; delays add up; the first hold or cut decides. A new fault is a new rule.
 */
export interface TransferRule {
  readonly name: string;
  onSend?(transfer: Transfer): Verdict;
  onArrival?(transfer: Transfer): Verdict;
}
