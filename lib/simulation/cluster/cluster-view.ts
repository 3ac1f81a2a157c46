import type { ActorClass } from '../../actor/actor-reference';
import { ActorId } from '../../identity/actor-id';
import { actorOptionsOf, persistRecordsOf } from '../../metadata/metadata-store';
import { decodeStateRecord } from '../../persistence/state-record';
import { JsonSerializer } from '../../serialization/json-serializer';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { TimelineEvent } from '../engine/timeline';
import type { SimulatedStore } from '../store/simulated-store';

/** What an invariant sees: the last event, and what the store holds, without disturbing anything. */
export class ClusterView {
  private readonly serializer = new JsonSerializer();
  /** The event after which the invariant is checked; undefined before the first. */
  event: TimelineEvent | undefined;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly store: SimulatedStore,
    private readonly namespace: string,
  ) {}

  /** Milliseconds of virtual time. */
  get now(): number {
    return this.engine.now;
  }

  /**
   * The durable state of an actor as plain data; undefined when it never persisted any.
   * @param state the name of the state. Default: the only one, or the first, of the class.
   */
  stateOf<S>(type: ActorClass, key: string, state?: string): S | undefined {
    const name = state ?? persistRecordsOf(type)[0]?.name ?? '';
    const path = ActorId.of(this.namespace, actorOptionsOf(type)?.name ?? type.name, key).path;
    const data = this.store.acceptedData.get(path);
    const bytes = data === undefined ? undefined : decodeStateRecord(path, data).get(name);
    return bytes === undefined ? undefined : (this.serializer.read(bytes) as S);
  }
}
