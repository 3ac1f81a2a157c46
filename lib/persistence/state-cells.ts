import type { ReferenceReader } from '../actor/carried-reference';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { PersistRecord } from '../metadata/actor-record';
import type { EventLog } from '../observability/event-log';
import type { Serializer } from '../serialization/serializer';
import { toTagged } from '../serialization/tagged-value';
import { uncarried } from '../serialization/uncarried-value';
import type { StoredState } from '../storage/stored-state';
import type { Turn } from '../turns/turn';
import { isDestroyed } from './commit-queue';
import type { InstanceWatch } from './instance-watch';
import type { PersistenceOptions } from './persistence-options';
import { StateCell, type StateCellOwner } from './state-cell';
import type { StateNotices } from './state-notices';
import { decodeStateRecord, encodeStateRecord, writtenAndEmpty, type StateBytes } from './state-record';

/** What the states of activations need from their node. */
export interface StateCellsParts {
  readonly serializer: Serializer;
  readonly events: EventLog;
  readonly options: Pick<PersistenceOptions, 'maxStateBytes'>;
  readonly instances: InstanceWatch;
  readonly notices: StateNotices;
}

/** The activation whose states they are. */
export interface StateCellsOwner extends StateCellOwner {
  readonly actor: string;
  readonly references: ReferenceReader;
}

/** States whose values are other than they were taken last. */
export interface ChangedStates {
  readonly names: readonly string[];
  take(): void;
}

const NO_STRANGERS: ReadonlyMap<string, StateBytes> = new Map();

/** The values of all durable fields of one activation, and their record. */
export class StateCells {
  private readonly cells: readonly StateCell[];
  /** States that are stored, and that the class does not have any more: they stay. */
  private strangers = NO_STRANGERS;

  /** @throws what the constructor of a state throws. */
  constructor(
    private readonly persisted: readonly PersistRecord[],
    private readonly owner: StateCellsOwner,
    private readonly parts: StateCellsParts,
  ) {
    this.cells = persisted.map((record) => new StateCell(record, owner, parts.serializer, owner.references));
  }

  /** Nothing is to be stored. */
  get isEmpty(): boolean {
    return this.strangers.size === 0 && this.cells.every(({ written }) => written === undefined);
  }

  /** The record of all states as they were taken last. */
  get record(): Uint8Array {
    const states = new Map(this.strangers);
    for (const { name, written } of this.cells) if (written !== undefined) states.set(name, written);
    return encodeStateRecord(this.owner.actor, states);
  }

  /** @param what is stored, for messages. @throws as {@link load}, and STORAGE_CORRUPT where there should be a record. */
  claimed({ version, writeId, data }: StoredState, what: string): void {
    if (data !== undefined) this.load(data);
    // The first commit writes a record, whatever it is for, and only one that deletes the actor removes it.
    else if (version !== 0 && !isDestroyed(writeId)) throw writtenAndEmpty(what, version);
  }

  /** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_INVALID, STATE_MISPLACED, UNKNOWN_REFERENCE */
  load(data: Uint8Array): void {
    const stored = decodeStateRecord(this.owner.actor, data);
    for (const cell of this.cells) {
      const state = stored.get(cell.name);
      if (state === undefined) continue;
      stored.delete(cell.name);
      cell.load(this.owner.actor, state);
      this.show('loaded', cell, state);
    }
    this.strangers = stored;
    const missing = this.cells.filter(({ exists }) => !exists);
    if (stored.size > 0 && missing.length > 0)
      this.parts.notices.loaded(
        this.owner.actor,
        [...stored.keys()],
        missing.map(({ name }) => name),
      );
  }

  /** Gives the instance its durable fields. @throws MoonpoolError INVALID_ACTOR_CLASSES */
  attach(instance: object): void {
    this.cells.forEach((cell, index) => {
      const { property } = this.persisted[index] as PersistRecord;
      if ((instance as Readonly<Record<string, unknown>>)[property] !== undefined) throw fieldInUse(instance, property);
      Object.defineProperty(instance, property, { value: cell, enumerable: true, configurable: true, writable: false });
    });
  }

  /** Takes the present value of the cell. @throws MoonpoolError UNSERIALIZABLE_VALUE, STATE_INVALID, STATE_TOO_LARGE; nothing is taken then. */
  take(cell: StateCell): void {
    const bytes = this.encode(cell);
    cell.checkRules(this.owner.actor, bytes);
    let size = bytes.bytes.length;
    for (const other of this.cells) if (other !== cell) size += other.written?.bytes.length ?? 0;
    this.checkSize(size);
    cell.take(bytes);
    cell.note(cell.written?.bytes);
  }

  /**
   * All values that are other than they were taken last; undefined: there are none. Nothing is taken before {@link ChangedStates.take} is called.
   * @throws MoonpoolError UNSERIALIZABLE_VALUE, STATE_INVALID, STATE_TOO_LARGE
   */
  changed(): ChangedStates | undefined {
    const encoded = this.cells.map((cell) => this.encode(cell));
    const changed = this.cells.filter((cell, index) => cell.differs(encoded[index] as StateBytes));
    if (changed.length === 0) {
      this.note(encoded);
      return undefined;
    }
    this.cells.forEach((cell, index) => {
      if (changed.includes(cell)) cell.checkRules(this.owner.actor, encoded[index] as StateBytes);
    });
    this.checkSize(encoded.reduce((sum, state) => sum + state.bytes.length, 0));
    const take = (): void => {
      this.cells.forEach((cell, index) => {
        if (changed.includes(cell)) cell.take(encoded[index] as StateBytes);
      });
      this.note(encoded);
    };
    return { names: changed.map(({ name }) => name), take };
  }

  /** The names of the states that are other than they were when a turn ended last that may change them. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  changedByReads(): readonly string[] {
    return this.cells.filter((cell) => !cell.isAsNoted(this.encode(cell))).map(({ name }) => name);
  }

  /** The names of the states that are other than they were taken last, in so far as they can be stored at all. */
  unwritten(): readonly string[] {
    return this.cells.filter((cell) => cell.isUnwritten(this.owner.actor)).map(({ name }) => name);
  }

  private note(encoded: readonly StateBytes[]): void {
    this.cells.forEach((cell, index) => cell.note(encoded[index]?.bytes));
  }

  /** All values are what they were when they were taken last. @throws what reading a state throws. */
  undo(): void {
    for (const cell of this.cells) cell.undo(this.owner.actor);
  }

  /** Whatever the turn changes can be put back, if it may be executed again. */
  keepFor(turn: Turn): void {
    for (const cell of this.cells) {
      const putBack = cell.keep(this.owner.actor);
      if (putBack !== undefined) turn.putsBack(putBack);
    }
  }

  /** There are no states any more. @param except what was taken of this one since stays. */
  reset(except?: StateCell): void {
    this.strangers = NO_STRANGERS;
    for (const cell of this.cells) if (cell !== except) cell.reset();
  }

  /** Tells what is on its way to the store, whoever looks. */
  showWritten(states: ReadonlySet<string>): void {
    if (this.parts.events.shows === undefined) return;
    for (const cell of this.cells)
      if (cell.written !== undefined && states.has(cell.name)) this.show('written', cell, cell.written);
  }

  private encode(cell: StateCell): StateBytes {
    const bytes = this.bytesOf(cell);
    const { instances } = this.parts;
    if (instances.isDue(cell.type))
      instances.look(cell.type, cell.value, `The state '${cell.name}' of ${this.owner.actor}`);
    return bytes;
  }

  private bytesOf(cell: StateCell): StateBytes {
    try {
      return cell.encode();
    } catch (cause) {
      const state = `The state '${cell.name}' of ${this.owner.actor}`;
      const error = uncarried(state, cell.value, cause, toTagged);
      const message =
        error === cause || !isMoonpoolError(error) ? `${state} cannot be stored: ${reasonOf(error)}` : error.detail;
      throw new MoonpoolError('UNSERIALIZABLE_VALUE', { message, executed: 'yes', cause });
    }
  }

  private checkSize(size: number): void {
    const { maxStateBytes } = this.parts.options;
    if (size <= maxStateBytes) return;
    throw new MoonpoolError('STATE_TOO_LARGE', {
      message: `The state of ${this.owner.actor} takes ${size} bytes; the limit is ${maxStateBytes}`,
      executed: 'yes',
    });
  }

  private show(what: 'loaded' | 'written', cell: StateCell, { bytes }: StateBytes): void {
    const { events, serializer } = this.parts;
    const { actor, references } = this.owner;
    events.shows?.({ actor, what, of: cell.name, read: () => serializer.read(bytes, references) });
  }
}

/** The class gives the field a value by itself, which would be lost without a word. */
function fieldInUse(instance: object, property: string): MoonpoolError {
  return new MoonpoolError('INVALID_ACTOR_CLASSES', {
    message: `${instance.constructor.name} sets the field '${property}' marked with @Persist, into which the runtime puts the ActorState that holds the value: declare it without a value, as in @Persist(Class) private readonly ${property}!: ActorState<Class>`,
    remedy: 'Give what the state begins with to the fields of its class.',
  });
}
