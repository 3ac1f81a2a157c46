import { ActorJournal, type JournalEntry } from '../actor/actor-journal';
import type { ReferenceReader } from '../actor/carried-reference';
import { promptAnswer } from '../concurrency/prompt-answer';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { JournalRecord } from '../metadata/journal-record';
import { ByteWriter } from '../serialization/byte-writer';
import { storedForm } from '../serialization/stored-form';
import { build } from '../serialization/instance-builder';
import { objectsOf, restoredValue } from '../serialization/restored-value';
import type { Serializer } from '../serialization/serializer';
import { writeNamed } from '../serialization/uncarried-value';
import { FIRST_VERSION, ownCopy, type StateBytes } from './state-record';

/** What a journal asks of the journals that it is one of. */
export interface JournalCellOwner {
  readonly lastNumber: number;
  emit(cell: JournalCell, event: object): void;
  history(cell: JournalCell, from: number): AsyncIterable<JournalEntry>;
}

/** What the class of the value of a journal has. */
interface Applying {
  apply(event: object): unknown;
}

/** One journal of an actor: its value in memory, and how that becomes bytes and back. */
export class JournalCell extends ActorJournal<object> {
  override value: object;
  /** The value as it was when a turn ended last; undefined when it is a new one. */
  private known: StateBytes | undefined;
  /** Those of the value as it was then. */
  private objects: readonly object[];

  constructor(
    readonly record: JournalRecord,
    private readonly owner: JournalCellOwner,
    private readonly serializer: Serializer,
    private readonly references: ReferenceReader,
  ) {
    super();
    this.value = this.fresh();
    this.objects = objectsOf(this.value);
  }

  get name(): string {
    return this.record.name;
  }

  get version(): number {
    return this.record.options.version ?? FIRST_VERSION;
  }

  /** The value as it was when a turn ended last. */
  get bytes(): StateBytes {
    return this.known ?? this.encode();
  }

  override get lastNumber(): number {
    return this.owner.lastNumber;
  }

  override emit(event: object): void {
    this.owner.emit(this, event);
  }

  override history(from = 1): AsyncIterable<JournalEntry> {
    return this.owner.history(this, from);
  }

  /** Gives the event to the value. @throws what `apply` throws, MoonpoolError ASYNC_CALLBACK */
  apply(event: object): void {
    this.applyTo(this.value, event);
  }

  /** Takes the value from a snapshot. @throws MoonpoolError STORAGE_CORRUPT */
  load(actor: string, stored: StateBytes): void {
    this.value = this.read(actor, stored);
    this.keep(stored);
  }

  private read(actor: string, stored: StateBytes): object {
    try {
      return build(this.record.type, this.serializer.read(stored.bytes, this.references) as object, 'state');
    } catch (cause) {
      throw new MoonpoolError('STORAGE_CORRUPT', {
        message: `The snapshot of the journal '${this.name}' of ${actor} cannot be read: ${reasonOf(cause)}`,
        cause,
      });
    }
  }

  /** A turn has ended with this value. */
  keep(bytes: StateBytes): void {
    this.known = ownCopy(bytes);
    this.objects = objectsOf(this.value);
  }

  /** The present value. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  encode(): StateBytes {
    return this.encodeOf(this.value);
  }

  /** True when the present value is what these events make of that of the last turn. Costs what reading the value and writing it twice does. @throws what `apply` throws. */
  follows(actor: string, events: readonly object[]): boolean {
    if (this.known === undefined) return true;
    const replayed = this.read(actor, this.known);
    for (const event of events) this.applyTo(replayed, event);
    return Buffer.compare(this.encodeOf(replayed).bytes, this.encode().bytes) === 0;
  }

  /** The value is what it was when a turn ended last, in the same objects. */
  undo(actor: string): void {
    this.value = restoredValue(this.objects, this.known === undefined ? this.fresh() : this.read(actor, this.known));
  }

  /** There are no events any more. */
  reset(): void {
    this.value = this.fresh();
    this.known = undefined;
    this.objects = objectsOf(this.value);
  }

  private applyTo(value: object, event: object): void {
    promptAnswer((value as Applying).apply(event), `the method apply of the journal '${this.name}'`);
  }

  private encodeOf(value: object): StateBytes {
    const writer = new ByteWriter(256);
    writeNamed(`The value of the journal '${this.name}'`, storedForm(this.record.type, value), this.serializer, writer);
    return { version: this.version, bytes: writer.take() };
  }

  private fresh(): object {
    return new (this.record.type as new () => object)();
  }
}
