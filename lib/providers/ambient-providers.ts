import type { RandomProvider } from './random-provider';
import type { TimeProvider } from './time-provider';

/** The clock and the randomness of whoever runs. */
export interface AmbientProviders {
  readonly time: TimeProvider;
  readonly random: RandomProvider;
}

/**
 * Where functions that belong to no node find the clock of whoever calls them. A simulated run puts its own here, from its
 * first event to its last; otherwise it is empty, and they take those of Node.js. A place of the thread and of no container,
 * for such functions are given none.
 */
export const ambientStand: { providers: AmbientProviders | undefined } = { providers: undefined };
