import type { NetworkLink } from './network-link';

/** What travels: a request to connect, its answer, bytes, the end of a stream, or its sudden end; a request to the store, or its answer. */
export type TransferKind = 'connect' | 'accept' | 'data' | 'end' | 'reset' | 'request' | 'answer';

/** Something on its way from one host to another, as rules see it. */
export interface Transfer {
  readonly link: NetworkLink;
  readonly kind: TransferKind;
  /** Asked once when it leaves and once when it would arrive. */
  readonly stage: 'departure' | 'arrival';
  readonly bytes: number;
}

/**
 * What a rule says of a transfer. `delay`: it arrives later by that much; what follows on the stream waits. `hold`: it
 * arrives only after the network was told that rules have changed. `split`: so many bytes arrive now and the others after
 * them, for a stream keeps no boundaries. `cut`: the connection breaks, for both sides.
 */
export type Verdict =
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'split'; readonly bytes: number }
  | { readonly kind: 'cut' };

/** One way in which the network is not perfect. Every rule is asked about every transfer; undefined lets it pass. */
export interface NetworkRule {
  readonly name: string;
  judge(transfer: Transfer): Verdict | undefined;
}
