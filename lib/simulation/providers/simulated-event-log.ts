import type {
  ApplicationEventName,
  EventFields,
  EventLog,
  NodeEventName,
  ShownValue,
} from '../../observability/event-log';
import type { NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';

/** Writes the history of a node into the timeline of its world. */
export class SimulatedEventLog implements EventLog {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly life: NodeLife,
  ) {}

  /** A dead process makes no history. */
  get enabled(): boolean {
    return this.life.isAlive;
  }

  record(name: NodeEventName | ApplicationEventName, fields: EventFields): void {
    if (!this.life.isAlive) return;
    // A test that calls an actor is not yet in the hands of its client; what an answer sets off is.
    if (name !== 'call') this.engine.enterLife(this.life);
    this.engine.record(this.life, name, fields);
    const { observer } = this.life;
    if (observer === undefined) return;
    if (name === 'turn-end') observer.ended(fields);
    else if (name === 'call') observer.reached();
  }

  within<T>(turn: EventFields | undefined, code: () => T): T {
    const { observer } = this.life;
    return observer === undefined ? code() : observer.within(turn, code);
  }

  get shows(): ((value: ShownValue) => void) | undefined {
    return this.life.isAlive ? this.engine.timeline.onValue : undefined;
  }

  persisting(): void {
    this.life.observer?.reached();
  }
}
