import type { Distance } from '../../topology/locality';
import type { LatencyRange } from './latency-shape';

/** How long a delivery takes by distance, between hosts whose localities are known. Off, distance does not matter. */
export interface LocalityLatencies extends Readonly<Record<Distance, LatencyRange>> {
  readonly isOn: boolean;
}

/** Between processes of one machine, machines of one zone, zones of one datacenter, and datacenters. */
export const LOCALITY_LATENCIES: LocalityLatencies = {
  isOn: true,
  machine: { lowMs: 0.01, highMs: 0.05 },
  zone: { lowMs: 0.1, highMs: 0.5 },
  datacenter: { lowMs: 0.5, highMs: 2 },
  across: { lowMs: 20, highMs: 80 },
};
