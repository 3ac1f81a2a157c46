/**
 * A question on its way along calls that wait: whether a turn waits for itself. It goes from a turn to the calls that it waits
 * for, from a call to the turns that keep it waiting, and so on; when it comes back to the turn that has sent it, all of them
 * wait for each other. After Chandy, Misra and Haas, "Distributed deadlock detection" (1983).
 */
export interface Probe {
  /** The turn that asks. */
  readonly turn: string;
  /** The call of that turn along which the probe was sent. */
  readonly via: string;
  /** Tells the probes of one turn apart that were sent at different times. */
  readonly round: number;
  /** The actors that it has passed, for the error: the one that asks first, and each that is waited for. */
  readonly path: readonly string[];
}

/** A probe that is longer goes no further: as many actors do not wait for each other in one circle. */
export const MAX_PROBE_PATH = 64;
