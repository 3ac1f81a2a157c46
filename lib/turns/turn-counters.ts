import type { TURN_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';

/** What the turns of a node's activations, or of the observers of a process, came to since it started. */
export type TurnCounters = Bound<typeof TURN_METRICS>;
