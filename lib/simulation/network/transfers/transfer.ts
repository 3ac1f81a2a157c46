import type { NetworkLink } from './network-link';

/** What travels: a request to connect, its answer, bytes, the end of a stream, or its sudden end; a request to the store, or its answer. */
export type TransferKind = 'connect' | 'accept' | 'data' | 'end' | 'reset' | 'request' | 'answer';

/** Rules are asked once when something leaves, a write, and once when it would arrive, a read. */
export type TransferStage = 'departure' | 'arrival';

/** Something on its way from one host to another, as rules see it. */
export interface Transfer {
  readonly link: NetworkLink;
  readonly kind: TransferKind;
  readonly stage: TransferStage;
  readonly bytes: number;
}

/** Who loses a connection, seen from what travels on it. */
export type LosingSide = 'sender' | 'receiver' | 'both';

/**
 * How a connection, or a request to connect, ends before its time.
 *
 * `close`: the side learns that the other has closed in order (`fin`) or suddenly (`rst`); the other side learns it from
 * the answer to what it sends next. `vanish`: the receiver, or nobody, is told; what is sent there is neither taken nor
 * answered, or answered by a reset after so long. `refuse`: a request to connect is refused. `lose`: it is never answered.
 */
export type Ending =
  | { readonly kind: 'close'; readonly side: LosingSide; readonly how: 'fin' | 'rst' }
  | { readonly kind: 'vanish'; readonly told: 'receiver' | 'nobody'; readonly resetAfterMs: number | undefined }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'lose' };

/**
 * What a rule says of a transfer. `delay`: it arrives later by that much; what follows on the stream waits. `hold`: it
 * arrives only after the network learned that rules have changed. `split`: so many bytes leave or arrive now and the
 * others after them, for a stream keeps no boundaries. `corrupt`: these bits of it are flipped, counted from the first.
 */
export type TransferVerdict =
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'split'; readonly bytes: number }
  | { readonly kind: 'corrupt'; readonly bits: readonly number[] }
  | Ending;

/** One way in which the network is not perfect. Every rule is asked about every transfer; undefined lets it pass. */
export interface NetworkRule {
  readonly name: string;
  /** When it is asked. */
  readonly stages: readonly TransferStage[];
  judge(transfer: Transfer): TransferVerdict | undefined;
  /** How long it delays what travels on a link, at least, in milliseconds. Default: 0. */
  leastDelayMs?(link: NetworkLink): number;
}
