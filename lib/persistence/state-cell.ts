import { ActorState } from '../actor/actor-state';
import type { ReferenceReader } from '../actor/carried-reference';
import { describeValue } from '../errors/describe-value';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Constructor } from '../injection/token';
import { ByteWriter } from '../serialization/byte-writer';
import { kindOf } from '../serialization/carried-object';
import { classForm } from '../serialization/class-form';
import { build } from '../serialization/instance-builder';
import type { Serializer } from '../serialization/serializer';
import { unserializable } from '../serialization/value-limits';

/** What a cell asks of the states that it is one of. */
export interface StateCellOwner {
  readonly version: number;
  persist(cell: StateCell): Promise<void>;
}

/** One durable field of an actor: the value in memory, and how it becomes bytes and back. */
export class StateCell extends ActorState<object> {
  override value: object;
  private isStored = false;

  constructor(
    readonly name: string,
    private readonly type: Constructor<object>,
    private readonly owner: StateCellOwner,
    private readonly serializer: Serializer,
    private readonly references?: ReferenceReader,
  ) {
    super();
    this.value = new (type as new () => object)();
  }

  override get stored(): boolean {
    return this.isStored;
  }

  override get version(): number {
    return this.owner.version;
  }

  override persist(): Promise<void> {
    return this.owner.persist(this);
  }

  /** Takes the value from stored bytes. @throws MoonpoolError STORAGE_CORRUPT, UNKNOWN_REFERENCE */
  load(actor: string, bytes: Uint8Array): void {
    try {
      const plain = this.serializer.read(bytes, this.references);
      if (!isRecord(plain)) throw new TypeError('it is no object of a class');
      this.value = build(this.type, plain, 'state');
      this.isStored = true;
    } catch (cause) {
      if (isMoonpoolError(cause, 'UNKNOWN_REFERENCE')) throw cause;
      throw new MoonpoolError('STORAGE_CORRUPT', {
        message: `The stored state '${this.name}' of ${actor} cannot be read: ${reasonOf(cause)}`,
        cause,
      });
    }
  }

  /** The bytes of the present value. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  encode(): Uint8Array {
    if (!isRecord(this.value))
      throw unserializable(`${describeValue(this.value)} where an object of ${this.type.name} should be`);
    const writer = new ByteWriter(256);
    this.serializer.write(classForm(this.type, this.value), writer);
    return writer.take();
  }

  markStored(): void {
    this.isStored = true;
  }
}

/** What a class can be made of, and not what is a list or a map itself. */
function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && kindOf(value) === 'record';
}
