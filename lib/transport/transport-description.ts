import type { DoorDescription } from './doorkeeper';
import type { PeerDescription } from './peer-counters';

/** How all links of a node stand, for people. */
export type TransportDescription = {
  /** By the address of the other side. */
  readonly outgoing: Readonly<Record<string, PeerDescription>>;
  /** How many accepted connections there are. */
  readonly incoming: number;
  readonly door: DoorDescription;
  /** How many packets of clients were refused because only nodes may send them. */
  readonly forbidden: number;
  /** What came of reliable messages: delivered, dropped because it came again, and from how many senders. */
  readonly reliable: { readonly delivered: number; readonly duplicates: number; readonly sessions: number };
};
