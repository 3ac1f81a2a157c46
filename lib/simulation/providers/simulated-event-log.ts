import type { EventFields, EventLog, NodeEventName } from '../../observability/event-log';
import type { NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';

/** The history of a simulated node goes into the timeline, where invariants see it. */
export class SimulatedEventLog implements EventLog {
  readonly enabled = true;

  constructor(
    private readonly world: World,
    private readonly life: NodeLife,
  ) {}

  record(name: NodeEventName, fields: EventFields): void {
    if (!this.life.refuses()) this.world.record(this.life.node, name, fields);
  }
}
