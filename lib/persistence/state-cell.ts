import { ActorState } from '../actor/actor-state';
import type { ReferenceReader } from '../actor/carried-reference';
import { describeValue } from '../errors/describe-value';
import type { ErrorCode } from '../errors/catalogue';
import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Constructor } from '../injection/token';
import type { PersistRecord } from '../metadata/actor-record';
import { ByteWriter } from '../serialization/byte-writer';
import { kindOf } from '../serialization/carried-object';
import { storedForm } from '../serialization/stored-form';
import { build } from '../serialization/instance-builder';
import { brokenRules } from '../serialization/payload-check';
import { objectsOf, restoredValue } from '../serialization/restored-value';
import type { Serializer } from '../serialization/serializer';
import { unserializable } from '../serialization/value-limits';
import { ownCopy, type StateBytes } from './state-record';
import { upcast } from './upcast';

/** What a cell asks of the states that it is one of. */
export interface StateCellOwner {
  readonly version: number;
  /** It is looked whether turns that may change nothing have changed something. */
  readonly looksAfterReads: boolean;
  /** What a turn has changed is undone when it fails. */
  readonly isGated: boolean;
  /** Makes the present value durable. */
  persist(cell: StateCell): Promise<void>;
  /** Makes it durable that there is none. */
  clear(cell: StateCell): Promise<void>;
  /** Gives the cell what was written last. */
  reload(cell: StateCell): Promise<void>;
}

/** One durable field of an actor: the value in memory, and how it becomes bytes and back. */
export class StateCell extends ActorState<object> {
  override value: object;
  private taken: StateBytes | undefined;
  /** Those of a new state; made when they are needed. */
  private freshBytes: Uint8Array | undefined;
  /** The value as it was when a turn ended last that may change it, where that is looked at. What is stored may be of an earlier shape of its class. */
  private known: Uint8Array | undefined;
  /** Those of the value as it was when a turn ended last that may change it, where such turns are undone. */
  private objects: readonly object[] | undefined;

  constructor(
    private readonly record: PersistRecord,
    private readonly owner: StateCellOwner,
    private readonly serializer: Serializer,
    private readonly references?: ReferenceReader,
  ) {
    super();
    this.value = this.fresh();
    this.note();
  }

  get name(): string {
    return this.record.name;
  }

  get type(): Constructor<object> {
    return this.record.type;
  }

  /** As it was written last, or is on its way; undefined when the store is to hold none. */
  get written(): StateBytes | undefined {
    return this.taken;
  }

  override get exists(): boolean {
    return this.taken !== undefined;
  }

  override get version(): number {
    return this.owner.version;
  }

  override persist(): Promise<void> {
    return this.owner.persist(this);
  }

  override clear(): Promise<void> {
    return this.owner.clear(this);
  }

  override reload(): Promise<void> {
    return this.owner.reload(this);
  }

  /** Takes the value from the store. @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_NOT_REBUILT, STATE_INVALID, UNKNOWN_REFERENCE; nothing is taken then. */
  load(actor: string, stored: StateBytes): void {
    const value = this.read(actor, stored);
    this.check(value, () => value, { what: `The stored state '${this.name}' of ${actor}`, executed: 'no' });
    this.value = value;
    this.take(stored);
    this.note();
  }

  /** This is on its way to the store, or comes from there. */
  take(state: StateBytes): void {
    this.taken = ownCopy(state);
    this.freshBytes = undefined;
  }

  /**
   * Looks whether the present value keeps the rules of its class.
   * @param bytes of the value: what is plain in it is checked as what it will be when it is read. @throws MoonpoolError STATE_INVALID
   */
  checkRules(actor: string, bytes: StateBytes): void {
    const what = `The state '${this.name}' of ${actor}, which was not written,`;
    this.check(this.value, () => this.read(actor, bytes), { what, executed: 'yes' });
  }

  private check(value: object, rebuilt: () => object, { what, executed }: { what: string; executed: Executed }): void {
    const { type, isValidated } = this.record;
    if (!isValidated) return;
    const broken = brokenRules(type, value, rebuilt);
    if (broken.length === 0) return;
    throw new MoonpoolError('STATE_INVALID', {
      message: `${what} breaks rules of ${type.name}: ${broken.join('; ')}`,
      executed,
    });
  }

  private read(actor: string, { bytes, version }: StateBytes): object {
    const { name, type } = this.record;
    try {
      const plain = this.upcast(actor, this.serializer.read(bytes, this.references), version);
      if (!isRecord(plain)) throw new TypeError('it is no object of a class');
      return build(type, plain, 'state');
    } catch (cause) {
      if (isMoonpoolError(cause) && OF_THEMSELVES.has(cause.code)) throw cause;
      throw new MoonpoolError('STORAGE_CORRUPT', {
        message: `The stored state '${name}' of ${actor} cannot be read: ${reasonOf(cause)}`,
        cause,
      });
    }
  }

  /** True when this is not what was written last, nor what a new state is. */
  differs({ version, bytes }: StateBytes): boolean {
    const { written } = this;
    if (written !== undefined) return written.version !== version || Buffer.compare(written.bytes, bytes) !== 0;
    this.freshBytes ??= this.encodeOf(this.fresh()).bytes;
    return Buffer.compare(this.freshBytes, bytes) !== 0;
  }

  /** True when the present value is not what was written last, nor what that is read as; false where one of them cannot be told. */
  isUnwritten(actor: string): boolean {
    const { written } = this;
    const bytes = this.bytesOrNone();
    if (bytes === undefined || !this.differs({ version: this.record.version, bytes })) return false;
    if (written === undefined) return true;
    try {
      // What was stored by an earlier release, or in another order of its fields, is other bytes.
      return Buffer.compare(this.encodeOf(this.read(actor, written)).bytes, bytes) !== 0;
    } catch {
      return false;
    }
  }

  /** A turn has ended that may change it. @param bytes of the value, if they are known. */
  note(bytes?: Uint8Array): void {
    if (this.owner.looksAfterReads) this.known = bytes ?? this.bytesOrNone();
    if (this.owner.isGated) this.objects = this.objectsOrNone();
  }

  /** True when it is what it was when a turn ended last that may change it. */
  isAsNoted({ bytes }: StateBytes): boolean {
    return this.known === undefined || Buffer.compare(this.known, bytes) === 0;
  }

  /** The actor is deleted: there is no state any more. */
  reset(): void {
    this.value = this.fresh();
    this.taken = undefined;
    this.note();
  }

  /** What a turn has changed is as it was before, and in the same objects: an actor may hold some of them elsewhere. */
  undo(actor: string): void {
    const before = this.written === undefined ? this.fresh() : this.read(actor, this.written);
    this.value = this.objects === undefined ? before : restoredValue(this.objects, before);
    this.note();
  }

  /**
   * What gives it the present value again, in the same objects, unless it was written since. Undefined when the present value cannot be stored, and so not be read again.
   */
  keep(actor: string): (() => void) | undefined {
    const { written } = this;
    const [bytes, objects] = [this.bytesOrNone(), this.objectsOrNone()];
    if (bytes === undefined || objects === undefined) return undefined;
    return () => {
      const now = this.written === written ? this.bytesOrNone() : bytes;
      if (now !== undefined && Buffer.compare(now, bytes) === 0) return;
      this.value = restoredValue(objects, this.read(actor, { version: this.record.version, bytes }));
      this.note();
    };
  }

  /** The bytes of the present value. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  encode(): StateBytes {
    return this.encodeOf(this.value);
  }

  private encodeOf(value: object): StateBytes {
    const { type, version } = this.record;
    if (!isRecord(value)) throw unserializable(`${describeValue(value)} where an object of ${type.name} should be`);
    const writer = new ByteWriter(256);
    this.serializer.write(storedForm(type, value), writer);
    return { version, bytes: writer.take() };
  }

  /** Undefined when it cannot be stored: the first turn that would have it written says so. */
  private bytesOrNone(): Uint8Array | undefined {
    try {
      return this.encode().bytes;
    } catch {
      return undefined;
    }
  }

  /** Undefined when the value cannot be stored: its turn is undone, or it is not, by what was known before. */
  private objectsOrNone(): readonly object[] | undefined {
    try {
      return objectsOf(this.value);
    } catch {
      return undefined;
    }
  }

  private fresh(): object {
    return new (this.record.type as new () => object)();
  }

  private upcast(actor: string, stored: unknown, from: number): unknown {
    const { name, version, upcasts } = this.record;
    if (from > version)
      throw new MoonpoolError('STORAGE_TOO_NEW', {
        message: `The stored state '${name}' of ${actor} has version ${from}, and its class here has version ${version}: it was left as it is`,
        remedy: 'Let a node with the newer release serve the actor, or give the class here the newer shape.',
      });
    return upcast(stored, { from, to: version, upcasts, what: `The stored state '${name}' of ${actor}` });
  }
}

/** What says itself what is wrong, which is nothing on the disk. */
const OF_THEMSELVES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNKNOWN_REFERENCE',
  'STORAGE_TOO_NEW',
  'STATE_NOT_REBUILT',
]);

/** What a class can be made of, and not what is a list or a map itself. */
function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && kindOf(value) === 'record';
}
