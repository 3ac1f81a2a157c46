import { assertionStand, type AssertionDetailsSource } from './assertion-recorder';
import { AssertionSite } from './assertion-site';

/** A place of the code that some run reaches, or that none does. */
export class ReachableSite extends AssertionSite {
  /** Notes that the code is here. A simulated run that comes to an unreachable place fails at once. */
  reach(details?: AssertionDetailsSource): void {
    assertionStand.recorder?.observe(this, { holds: this.kind === 'reachable', details });
  }
}

/** Declares a place that at least one run must reach; demanded of a simulation that lists it. */
export function reachable(name: string): ReachableSite {
  return new ReachableSite(name, 'reachable');
}

/** Declares a place that no run may reach. */
export function unreachable(name: string): ReachableSite {
  return new ReachableSite(name, 'unreachable');
}
