import type { SimulatedConnection } from './simulated-connection';

/** Sees what is written to connections and taken from them, as nobody of the simulated world can. */
export interface WireTap {
  /** This side wrote bytes. */
  wrote(sender: SimulatedConnection, bytes: Uint8Array): void;
  /** The other side takes bytes that this one wrote, before it handles them. @param isDamaged they are not what was written. */
  taken(sender: SimulatedConnection, bytes: Uint8Array, isDamaged: boolean): void;
  /** The other side takes the end that this one set, and with it the last of what it wrote. */
  ended(sender: SimulatedConnection): void;
  /** A fault ends the connection: what is on its way may be lost, also where the end comes in order. */
  struck(side: SimulatedConnection): void;
}

/** Sees nothing. */
export const NO_TAP: WireTap = { wrote: () => undefined, taken: () => undefined, ended: () => undefined, struck: () => undefined };
