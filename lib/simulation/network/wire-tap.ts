import type { NodeLife } from '../timeline/node-life';
import type { NetworkHost } from './network-host';

/** One side of a connection, as a tap sees it. */
export interface WireSide {
  readonly host: NetworkHost;
  readonly life: NodeLife;
  /** The same for both sides. */
  readonly name: string;
  readonly other: WireSide;
}

/** Sees what is written to connections and taken from them, as nobody of the simulated world can. */
export interface WireTap {
  /** This side wrote bytes. */
  wrote(sender: WireSide, bytes: Uint8Array): void;
  /** The other side takes bytes that this one wrote, before it handles them. @param isDamaged they are not what was written. */
  taken(sender: WireSide, bytes: Uint8Array, isDamaged: boolean): void;
  /** The other side takes the end that this one set, and with it the last of what it wrote. */
  ended(sender: WireSide): void;
  /** A fault ends the connection: what is on its way may be lost, also where the end comes in order. */
  struck(side: WireSide): void;
  /** The process of this side learns that the connection has ended. */
  closed(side: WireSide): void;
}

/** Sees nothing. */
export const NO_TAP: WireTap = {
  wrote: () => undefined,
  taken: () => undefined,
  ended: () => undefined,
  struck: () => undefined,
  closed: () => undefined,
};
