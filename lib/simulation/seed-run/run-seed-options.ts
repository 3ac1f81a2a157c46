import type { ShownValue } from '../../observability/event-log';
import type { ChaosLevel } from '../chaos/profile/chaos-profile';
import type { StoreEngines } from '../cluster-store/simulated-store';
import type { RealClock } from '../engine/budget';
import type { TimelineEvent } from '../timeline/timeline';
import type { Trace } from '../trace/trace';

/** How a seed is run, besides what its test says. */
export interface RunSeedOptions {
  readonly clock: RealClock;
  /** Takes down every step, or compares it with another run's. */
  readonly trace?: Trace;
  /** Is notified of each event of the timeline. */
  readonly onEvent?: (event: TimelineEvent) => void;
  /** Is shown the values that actors take, give and keep, each after its event. */
  readonly onValue?: (value: ShownValue) => void;
  /** Note what the run sees, for exploration. Default: false. */
  readonly discovers?: boolean;
  /** How hard the world is, in place of what the test says. */
  readonly chaos?: ChaosLevel;
  /** Look for promises that outlive their turns, which takes about twice as long. Default: false. */
  readonly auditsTurns?: boolean;
  /** What the simulated store is made of, in place of what the class says; for specs that show how a broken one is noticed. */
  readonly store?: Partial<StoreEngines>;
}
