import type { JournalEntry } from '../actor/actor-journal';
import type { ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Constructor } from '../injection/token';
import type { JournalRecord } from '../metadata/journal-record';
import type { Serializer } from '../serialization/serializer';
import type { StateStorage } from '../storage/state-storage';
import type { StoredEvent, StoredSnapshot, StoredState } from '../storage/stored-state';
import { decodeEvent, encodeEvent, eventOf } from './event-record';
import type { InstanceWatch } from './instance-watch';
import { JournalCell, type JournalCellOwner } from './journal-cell';
import type { PersistenceOptions } from './persistence-options';
import { notRebuilt } from './upcast';
import { decodeStateRecord, encodeStateRecord, type StateBytes } from './state-record';

/** How many events are read at once. */
const PAGE = 256;
const DEFAULT_SNAPSHOT_EVERY = 100;

/** What the journals of activations need from their node. */
export interface JournalsParts {
  readonly storage: StateStorage;
  readonly serializer: Serializer;
  readonly instances: InstanceWatch;
  /** Whether values are compared with what the events come to. */
  readonly options: Pick<PersistenceOptions, 'checksReadOnly'>;
}

/** The activation whose journals they are. */
export interface JournalsOwner {
  readonly actor: string;
  readonly references: ReferenceReader;
  /** Resolves when the events of all turns that have ended are durable; undefined when they are. */
  readonly pending: Promise<void> | undefined;
  /** Throws when the turn under way may not do that. */
  refuseReadOnly(what: string): void;
}

/** What a turn has written into the journals of its actor. */
export interface JournalChange {
  readonly events: readonly Uint8Array[];
  readonly snapshot: StoredSnapshot | undefined;
}

interface PendingEvent {
  readonly cell: JournalCell;
  readonly event: object;
  readonly bytes: Uint8Array;
}

/** The journals of one activation. Their events have one sequence, so that they are written in one commit and none is missing. */
export class Journals implements JournalCellOwner {
  private readonly cells: readonly JournalCell[];
  /** Of the last event of a turn that has ended. */
  private endedAt = 0;
  private snapshotAt = 0;
  /** The events of the turn that is under way, and whose they are. */
  private pending: PendingEvent[] = [];

  /** @throws what the constructor of a value throws. */
  constructor(
    private readonly records: readonly JournalRecord[],
    private readonly owner: JournalsOwner,
    private readonly parts: JournalsParts,
  ) {
    this.cells = records.map((record) => new JournalCell(record, this, parts.serializer, owner.references));
  }

  get lastNumber(): number {
    return this.endedAt + this.pending.length;
  }

  /** Gives the instance its journals. @throws MoonpoolError INVALID_ACTOR_CLASSES */
  attach(instance: object): void {
    this.cells.forEach((cell, index) => {
      const { property } = this.records[index] as JournalRecord;
      if ((instance as Readonly<Record<string, unknown>>)[property] !== undefined)
        throw new MoonpoolError('INVALID_ACTOR_CLASSES', {
          message: `${instance.constructor.name} sets the field '${property}' marked with @Journal, into which the runtime puts the journal: declare it without a value`,
        });
      Object.defineProperty(instance, property, { value: cell, enumerable: true, configurable: true, writable: false });
    });
  }

  /** Brings the values to what all stored events have come to. @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED, STATE_NOT_REBUILT, and as reading does */
  async load({ snapshot, lastEvent }: StoredState): Promise<void> {
    if (this.cells.length === 0) return;
    let from = 1;
    if (snapshot !== undefined && this.take(snapshot)) from = snapshot.upTo + 1;
    for await (const stored of this.stored(from, lastEvent)) this.replay(stored);
    for (const cell of this.cells) cell.keep(cell.encode());
    this.endedAt = lastEvent;
    this.snapshotAt = from - 1;
  }

  /** @throws MoonpoolError READ_ONLY_HANDLER, and what is wrong with the event */
  emit(cell: JournalCell, event: object): void {
    this.owner.refuseReadOnly(`emits an event of the journal '${cell.name}'`);
    const bytes = encodeEvent(this.owner.actor, this.lastNumber + 1, cell.record, event, this.parts.serializer);
    this.watch(cell, event.constructor as Constructor<object>, event);
    try {
      cell.apply(event);
    } catch (error) {
      // It may have changed something all the same.
      this.restore(cell);
      throw error;
    }
    this.pending.push({ cell, event, bytes });
  }

  /** What the turn that has ended has written, which is then on its way; undefined when that is nothing. @throws MoonpoolError UNSERIALIZABLE_VALUE, JOURNAL_VALUE_CHANGED; nothing is taken then. */
  takeChange(): JournalChange | undefined {
    const { pending } = this;
    if (this.parts.options.checksReadOnly) this.checkValues();
    if (pending.length === 0) return undefined;
    const cells = new Set(pending.map(({ cell }) => cell));
    const values = new Map([...cells].map((cell) => [cell, cell.encode()]));
    for (const cell of cells) this.watch(cell, cell.record.type, cell.value);
    const upTo = this.endedAt + pending.length;
    const snapshot = this.snapshotIfDue(upTo, values);
    for (const [cell, bytes] of values) cell.keep(bytes);
    this.endedAt = upTo;
    if (snapshot !== undefined) this.snapshotAt = upTo;
    this.pending = [];
    return { events: pending.map(({ bytes }) => bytes), snapshot };
  }

  /** The handler threw: what it has written did not happen. */
  undo(): void {
    // Where values are looked at, one may be undone of which there are no events.
    const cells = this.parts.options.checksReadOnly ? this.cells : new Set(this.pending.map(({ cell }) => cell));
    this.pending = [];
    for (const cell of cells) cell.undo(this.owner.actor);
  }

  /** The actor is deleted. */
  reset(): void {
    this.pending = [];
    this.endedAt = 0;
    this.snapshotAt = 0;
    for (const cell of this.cells) cell.reset();
  }

  /** Looks whether the values are what the events come to. @throws MoonpoolError JOURNAL_VALUE_CHANGED */
  private checkValues(): void {
    for (const cell of this.cells) {
      const events = this.pending.filter(({ cell: of }) => of === cell).map(({ event }) => event);
      if (cell.follows(this.owner.actor, events)) continue;
      throw new MoonpoolError('JOURNAL_VALUE_CHANGED', {
        message: `The value of the journal '${cell.name}' of ${this.owner.actor} is not what its events come to`,
        executed: 'yes',
      });
    }
  }

  private watch({ name }: JournalCell, type: Constructor<object>, value: object): void {
    const { instances } = this.parts;
    if (instances.isDue(type)) instances.look(type, value, `The journal '${name}' of ${this.owner.actor}`);
  }

  /** The value is what the events of the turn have made of it so far. */
  private restore(cell: JournalCell): void {
    cell.undo(this.owner.actor);
    for (const { cell: of, event } of this.pending) if (of === cell) cell.apply(event);
  }

  async *history(cell: JournalCell, from: number): AsyncIterable<JournalEntry> {
    const { serializer } = this.parts;
    const { actor, references } = this.owner;
    const upTo = this.endedAt;
    await this.owner.pending;
    for await (const { number, at, data } of this.stored(from, upTo)) {
      const record = decodeEvent(actor, number, data, serializer, references);
      if (record.journal !== cell.name) continue;
      yield { number, at: new Date(at), event: eventOf(actor, number, cell.record, record) };
    }
  }

  private async *stored(from: number, upTo: number): AsyncIterable<StoredEvent> {
    for (let next = from; next <= upTo;) {
      const page = await this.parts.storage.history(this.owner.actor, next, Math.min(PAGE, upTo - next + 1));
      for (const event of page) {
        if (event.number !== next) throw missing(this.owner.actor, next, event.number);
        next++;
        yield event;
      }
      if (page.length === 0) throw missing(this.owner.actor, next, undefined);
    }
  }

  private replay({ number, data }: StoredEvent): void {
    const { actor, references } = this.owner;
    const record = decodeEvent(actor, number, data, this.parts.serializer, references);
    const cell = this.cells.find(({ name }) => name === record.journal);
    // Of a journal that the class does not have any more: its events stay.
    if (cell === undefined) return;
    const event = eventOf(this.owner.actor, number, cell.record, record);
    try {
      cell.apply(event);
    } catch (cause) {
      const what = `The event ${number} of ${this.owner.actor}, '${record.name}',`;
      const remedy =
        'A method apply takes what has happened as it is: refuse what must not happen before it is emitted.';
      throw notRebuilt(what, `it could not be applied again: ${reasonOf(cause)}`, cause, remedy);
    }
  }

  /** False when it holds values of other versions, so that they are made again from all events. */
  private take({ data }: StoredSnapshot): boolean {
    const values = decodeStateRecord(this.owner.actor, data);
    if (this.cells.some(({ name, version }) => values.get(name)?.version !== version)) return false;
    for (const cell of this.cells) {
      const stored = values.get(cell.name);
      if (stored !== undefined) cell.load(this.owner.actor, stored);
    }
    return true;
  }

  /** @param taken the values of the journals that the turn has changed. */
  private snapshotIfDue(upTo: number, taken: ReadonlyMap<JournalCell, StateBytes>): StoredSnapshot | undefined {
    const every = Math.min(...this.records.map(({ options }) => options.snapshotEvery ?? DEFAULT_SNAPSHOT_EVERY));
    if (upTo - this.snapshotAt < every) return undefined;
    const values = new Map(this.cells.map((cell) => [cell.name, taken.get(cell) ?? cell.bytes]));
    return { upTo, data: encodeStateRecord(this.owner.actor, values) };
  }
}

function missing(actor: string, expected: number, found: number | undefined): MoonpoolError {
  return new MoonpoolError('STORAGE_CORRUPT', {
    message: `The journal of ${actor} has a gap: its event ${expected} is not there${found === undefined ? '' : `, and ${found} comes next`}`,
  });
}
