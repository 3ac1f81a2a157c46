import { BoundReferences } from '../actor/bound-references';
import type { ReferenceReader } from '../actor/carried-reference';
import type { ReferenceSource } from '../actor/reference-source';
import type { CallScope } from '../calls/request';
import type { Buggify } from '../chaos/buggify';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { PersistRecord } from '../metadata/actor-record';
import type { EventLog } from '../observability/event-log';
import type { STATE_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';
import type { TimeProvider } from '../providers/time-provider';
import type { Serializer } from '../serialization/serializer';
import { toTagged } from '../serialization/tagged-value';
import { uncarried } from '../serialization/uncarried-value';
import { NOTHING_DURABLE, type DurableOwner, type DurableState, type DurableStates } from '../turns/durable-state';
import { StateCell, type StateCellOwner } from './state-cell';
import { decodeStateRecord, encodeStateRecord } from './state-record';
import type { CommitOutcome, StateCommit } from '../storage/state-commit';
import type { StateStorage } from '../storage/state-storage';

/** How often a write whose answer was lost is repeated before the activation gives up. */
const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 20;

/** How often buggify repeats a write that was answered. */
const RARELY = { strikes: 0.1 };

const NO_CELLS: readonly StateCell[] = [];

/** What the states of an activation need from their node. */
export interface ActorStatesParts {
  readonly storage: StateStorage;
  readonly serializer: Serializer;
  readonly references: ReferenceSource<CallScope>;
  readonly time: TimeProvider;
  readonly buggify: Buggify;
  readonly events: EventLog;
  readonly counters: Bound<typeof STATE_METRICS>;
  /** True while this node may write. */
  readonly mayWrite: () => boolean;
}

/**
 * The durable states of one activation: one claim, one epoch, one version. Writes are made one after another. A write
 * whose answer was lost is repeated under its write id until its fate is known; when the store refuses a write, or its
 * fate cannot be learnt, the activation must end, for what it holds in memory may not be what is stored.
 */
export class ActorStates implements DurableState, StateCellOwner {
  private readonly actor: string;
  private readonly activation: string;
  private readonly persisted: readonly PersistRecord[];
  private readonly references: ReferenceReader;
  /** Made when they are loaded: their classes are the user's, and may throw. */
  private cells: readonly StateCell[] = NO_CELLS;
  /** The bytes of all states as they were last written; made when there are any, for most actors have none. */
  private records: Map<string, Uint8Array> | undefined;
  private currentEpoch = 0;
  private currentVersion = 0;
  private writes = 0;
  private lastWrite: Promise<void> | undefined;
  private pendingWrites = 0;
  /** Why the activation must end; undefined while its states are sound. */
  failure: MoonpoolError | undefined;

  constructor(
    { stateKey, id, descriptor, scope }: DurableOwner,
    private readonly parts: ActorStatesParts,
  ) {
    this.actor = stateKey;
    this.activation = id;
    this.persisted = descriptor.states;
    this.references = new BoundReferences(parts.references, scope);
  }

  get epoch(): number {
    return this.currentEpoch;
  }

  get version(): number {
    return this.currentVersion;
  }

  /** Claims the state and takes the values from it. What cannot be taken stays as it is. */
  async claim(): Promise<void> {
    const { storage, events, serializer } = this.parts;
    this.cells = this.persisted.map(
      (record) => new StateCell(record.name, record.type, this, serializer, this.references),
    );
    const claimed = await storage.claim(this.actor);
    this.parts.counters.claimed.value++;
    this.currentEpoch = claimed.epoch;
    this.currentVersion = claimed.version;
    if (events.enabled)
      events.record('claim', {
        actor: this.actor,
        activation: this.activation,
        epoch: claimed.epoch,
        version: claimed.version,
      });
    if (claimed.data === undefined) {
      if (claimed.version !== 0)
        throw new MoonpoolError('STORAGE_CORRUPT', {
          message: `The stored state of ${this.actor} was written ${claimed.version} times and holds nothing`,
        });
      return;
    }
    const records = decodeStateRecord(this.actor, claimed.data);
    this.records = records;
    for (const cell of this.cells) {
      const bytes = records.get(cell.name);
      if (bytes === undefined) continue;
      cell.load(this.actor, bytes);
      this.show('loaded', cell, bytes);
    }
  }

  /** Gives the instance its durable fields. */
  attach(instance: object): void {
    this.cells.forEach((cell, index) => {
      const { property } = this.persisted[index] as PersistRecord;
      if ((instance as Readonly<Record<string, unknown>>)[property] !== undefined) throw fieldInUse(instance, property);
      Object.defineProperty(instance, property, { value: cell, enumerable: true, configurable: true, writable: false });
    });
  }

  /** The answer must not overtake what the handler has begun to write, whether it has waited for that or not. */
  commit(): Promise<void> | undefined {
    return this.settled();
  }

  settled(): Promise<void> | undefined {
    return this.pendingWrites > 0 ? this.lastWrite : undefined;
  }

  persist(cell: StateCell): Promise<void> {
    this.parts.events.persisting?.();
    const bytes = this.encode(cell);
    this.pendingWrites++;
    const write = (this.lastWrite ?? Promise.resolve())
      .then(() => (isMoonpoolError(bytes) ? Promise.reject(bytes) : this.write(cell, bytes)))
      .finally(() => {
        this.pendingWrites--;
      });
    this.lastWrite = write;
    // The turn looks at the last write before it answers, so a failure is known even when nobody awaits this promise.
    write.catch(() => undefined);
    return write;
  }

  /**
   * The bytes of the present value, or the failure of this activation: what it holds in memory then differs from what is
   * stored, and later turns must not answer from it.
   */
  private encode(cell: StateCell): Uint8Array | MoonpoolError {
    try {
      return cell.encode();
    } catch (cause) {
      const state = `The state '${cell.name}' of ${this.actor}`;
      const error = uncarried(state, cell.value, cause, toTagged);
      const message =
        error === cause || !isMoonpoolError(error) ? `${state} cannot be stored: ${reasonOf(error)}` : error.detail;
      return this.fail(new MoonpoolError('UNSERIALIZABLE_VALUE', { message, executed: 'yes', cause }));
    }
  }

  private async write(cell: StateCell, bytes: Uint8Array): Promise<void> {
    this.records ??= new Map();
    this.records.set(cell.name, bytes);
    const encoded = encodeStateRecord(this.actor, this.records);
    const write: StateCommit = {
      actor: this.actor,
      epoch: this.currentEpoch,
      version: this.currentVersion,
      // The activation's id is unique in the cluster, so its write ids are too.
      writeId: `${this.activation}:${++this.writes}`,
      data: encoded,
    };
    this.record('persist', this.currentVersion);
    this.show('written', cell, bytes);
    const { counters, time } = this.parts;
    const askedAt = time.now();
    const outcome = await this.attempt(write);
    counters.writeTime.record((time.now() - askedAt) / 1_000);
    // A conflict under our own write id is an earlier attempt of this very write that was applied.
    if (outcome.kind === 'accepted' || (outcome.kind === 'conflict' && outcome.writeId === write.writeId)) {
      this.currentVersion = outcome.version;
      counters.written.value++;
      counters.writtenBytes.value += encoded.length;
      cell.markStored();
      this.record('persist-ack', outcome.version);
      return;
    }
    counters.refused.value++;
    this.record('persist-refused', this.currentVersion);
    const found = outcome.kind === 'fenced' ? `epoch ${outcome.epoch}` : `version ${outcome.version}`;
    throw this.fail(
      new MoonpoolError('STATE_FENCED', {
        message: `The state of ${this.actor} was claimed again: this activation writes with epoch ${write.epoch} and version ${write.version}, the store has ${found}`,
        executed: 'maybe',
      }),
    );
  }

  private async attempt(write: StateCommit): Promise<CommitOutcome> {
    const { storage, time, buggify, mayWrite } = this.parts;
    for (let attempt = 1; ; attempt++) {
      if (!mayWrite()) throw this.fail(fenced(this.actor));
      try {
        const outcome = await storage.commit(write);
        // As if the answer had been lost: the write is made again, and must be known again.
        if (attempt === 1 && buggify.strikes('write-repeated', RARELY)) continue;
        return outcome;
      } catch (error) {
        if (!isMoonpoolError(error, 'STORAGE_UNAVAILABLE') || attempt === MAX_ATTEMPTS)
          throw this.fail(notWritten(this.actor, error));
        await time.sleep(FIRST_WAIT_MS * 2 ** attempt);
      }
    }
  }

  private fail(failure: MoonpoolError): MoonpoolError {
    this.failure ??= failure;
    return failure;
  }

  private show(what: 'loaded' | 'written', cell: StateCell, bytes: Uint8Array): void {
    const { events, serializer } = this.parts;
    events.shows?.({ actor: this.actor, what, of: cell.name, read: () => serializer.read(bytes, this.references) });
  }

  private record(name: 'persist' | 'persist-ack' | 'persist-refused', version: number): void {
    const { events } = this.parts;
    if (events.enabled)
      events.record(name, { actor: this.actor, activation: this.activation, epoch: this.currentEpoch, version });
  }
}

/** The states of actors, kept in a storage: what is durable of them unless a module says otherwise. */
export class StoredStates implements DurableStates {
  constructor(private readonly parts: ActorStatesParts) {}

  open(owner: DurableOwner): DurableState {
    return owner.descriptor.states.length === 0 ? NOTHING_DURABLE : new ActorStates(owner, this.parts);
  }
}

function fenced(actor: string): MoonpoolError {
  return new MoonpoolError('NODE_FENCED', {
    message: `The state of ${actor} was not written: the node has lost its lease`,
    executed: 'maybe',
  });
}

function notWritten(actor: string, cause: unknown): MoonpoolError {
  // A store that says what is wrong with it is believed, and what it says is told: only its silence leaves a doubt.
  if (isMoonpoolError(cause) && cause.code !== 'STORAGE_UNAVAILABLE') {
    const { code, detail, remedy } = cause;
    return new MoonpoolError(code, {
      message: `The state of ${actor} was not written: ${detail}`,
      executed: 'maybe',
      remedy,
      cause,
    });
  }
  const message = `Whether the last write of the state of ${actor} was applied could not be learnt: ${reasonOf(cause)}`;
  return new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed: 'maybe', cause });
}

/** The class gives the field a value by itself, which would be lost without a word. */
function fieldInUse(instance: object, property: string): MoonpoolError {
  return new MoonpoolError('INVALID_ACTOR_CLASSES', {
    message: `${instance.constructor.name} sets the field '${property}' marked with @Persist, into which the runtime puts the ActorState that holds the value: declare it without a value, as in @Persist(Class) private readonly ${property}!: ActorState<Class>`,
    remedy: 'Give what the state begins with to the fields of its class.',
  });
}
