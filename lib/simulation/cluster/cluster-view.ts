import { CarriedReference, type CarriedActor, type ReferenceReader } from '../../actor/carried-reference';
import { ActorId } from '../../identity/actor-id';
import type { ActorClass } from '../../actor/actor-reference';
import type { ActorKey } from '../../identity/actor-key';
import { actorOptionsOf, persistRecordsOf } from '../../metadata/metadata-store';
import type { StateRegistry } from '../../observability/state-registry';
import { journalRecordsOf } from '../../metadata/journal-record';
import { decodeEvent, eventOf } from '../../persistence/event-record';
import { decodeStateRecord } from '../../persistence/state-record';
import { JsonSerializer } from '../../serialization/json-serializer';
import { checkArguments } from '../../options/option-table';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { ObservedProcesses } from '../observation/run-observer';
import { eventName, type TimelineEventName } from '../timeline/event-names';
import type { TimelineEvent } from '../timeline/timeline';
import type { SimulatedStore } from '../cluster-store/simulated-store';
import { declaredBy, refuseUnknownActor } from './asked-of-view';

/** As many as the timeline keeps. */
const LAST_EVENTS = 500;

const NO_EVENTS: readonly never[] = [];

const asSeen: ReferenceReader = { read: (actor) => new SeenReference(actor) };

/** What an invariant sees: the last event, and what the store holds, without disturbing anything. */
export class ClusterView {
  private readonly serializer = new JsonSerializer();
  /** What was read last of each state: invariants look at the same states after every event. */
  private readonly read = new Map<string, { readonly data: Uint8Array; readonly state: unknown }>();
  /** What was read of each journal. */
  private readonly emitted = new Map<
    string,
    { readonly stored: readonly Uint8Array[]; read: number; readonly events: object[] }
  >();
  /** The classes of which the simulation was seen to have actors. */
  private readonly found = new Set<ActorClass>();
  /** The event after which the invariant is checked; undefined before the first. */
  event: TimelineEvent | undefined;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly store: SimulatedStore,
    private readonly namespace: string,
    private readonly processes: ObservedProcesses,
  ) {}

  /** Milliseconds of virtual time. */
  get now(): number {
    return this.engine.now;
  }

  /** The last events of the timeline, oldest first, at most 500. @param name only those of this name. @throws MoonpoolError INVALID_OPTION for one under which nothing ever happens. */
  events(name?: TimelineEventName): readonly TimelineEvent[] {
    checkArguments('view.events', { name: [eventName, name] });
    const events = this.engine.timeline.last(LAST_EVENTS);
    return name === undefined ? events : events.filter((event) => event.name === name);
  }

  /** What is published on a node that runs; undefined while it does not. @param node its name. */
  registry(node: string): StateRegistry | undefined {
    return this.processes.registryOf(node);
  }

  /**
   * The durable state of an actor as frozen plain data; undefined when it never persisted any.
   * @param state the name of the state. Default: the only one, or the first, of the class. @throws MoonpoolError INVALID_OPTION when the
   * simulation has no such actors, or the class no such state.
   */
  stateOf<S>(type: ActorClass, key: ActorKey, state?: string): S | undefined {
    this.refuseUnknown('stateOf', type);
    const asked = { verb: 'stateOf', kind: 'state', type, name: state };
    const { name, storage } = declaredBy(persistRecordsOf(type), asked);
    const path = this.pathOf(type, key);
    const data = this.store.acceptedIn(storage).data.get(path);
    if (data === undefined) return undefined;
    const known = this.read.get(`${path}\n${name}`);
    if (known?.data === data) return known.state as S | undefined;
    const bytes = decodeStateRecord(path, data).get(name)?.bytes;
    const read = bytes === undefined ? undefined : freeze(this.serializer.read(bytes, asSeen));
    this.read.set(`${path}\n${name}`, { data, state: read });
    return read as S | undefined;
  }

  /**
   * The durable events of an actor, in their order, as frozen instances of their classes; none when it has emitted none.
   * @param journal the name of the journal. Default: the only one, or the first, of the class. @throws MoonpoolError INVALID_OPTION when the
   * simulation has no such actors, or the class no such journal.
   */
  eventsOf<E extends object>(type: ActorClass, key: ActorKey, journal?: string): readonly E[] {
    this.refuseUnknown('eventsOf', type);
    const asked = { verb: 'eventsOf', kind: 'journal', type, name: journal };
    const record = declaredBy(journalRecordsOf(type), asked);
    const path = this.pathOf(type, key);
    const stored = this.store.accepted.events.get(path);
    if (stored === undefined) return NO_EVENTS;
    const from = `${path}\n${record.name}`;
    const known = this.emitted.get(from);
    // Of an actor that was deleted meanwhile the events begin again.
    const seen = known?.stored === stored ? known : { stored, read: 0, events: [] as object[] };
    for (; seen.read < stored.length; seen.read++) {
      const number = seen.read + 1;
      const event = decodeEvent(path, number, stored[seen.read] as Uint8Array, this.serializer, asSeen);
      if (event.journal === record.name) seen.events.push(freeze(eventOf(path, number, record, event)));
    }
    this.emitted.set(from, seen);
    return seen.events as E[];
  }

  /** Releases come during a run, so that a class is looked for until it was found. */
  private refuseUnknown(verb: string, type: ActorClass): void {
    if (this.found.has(type)) return;
    refuseUnknownActor(verb, type, this.processes.actors());
    this.found.add(type);
  }

  private pathOf(type: ActorClass, key: ActorKey): string {
    return ActorId.of(this.namespace, actorOptionsOf(type)?.name ?? type.name, key).path;
  }
}

/** One invariant must not see what another did to a state that both have read. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

/** A reference in a state that an invariant looks at: it says who is meant, and calls nobody. */
export class SeenReference extends CarriedReference {
  constructor(override readonly $carried: CarriedActor) {
    super();
  }

  get $id(): ActorId {
    return this.$carried.id;
  }

  override $unbound(): SeenReference {
    return this;
  }
}
