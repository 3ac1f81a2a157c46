import type { ReferenceReader } from '../actor/carried-reference';
import { isLateAnswer } from '../concurrency/prompt-answer';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { token } from '../injection/token';
import { whole } from '../injection/whole-contract';
import { ByteWriter } from './byte-writer';

/**
 * Turns values into bytes and back. All nodes of a cluster use the same one; users bind their own under this token. Both methods do
 * their work before they return: one that is asynchronous is refused, and what it writes later goes nowhere.
 */
export interface Serializer {
  /** The media type, for messages and records. */
  readonly contentType: string;
  /** Writes the value. @throws MoonpoolError UNSERIALIZABLE_VALUE naming the place in the value */
  write(value: unknown, into: ByteWriter): void;
  /**
   * Reads a value from exactly these bytes, which may be anything.
   * @param references makes references to actors of what was carried of them; undefined where values hold none. A
   * serializer of your own that goes through `toTagged` and `fromTagged` hands it to the latter and carries references so.
   * @throws MoonpoolError MALFORMED_PAYLOAD, UNKNOWN_REFERENCE
   */
  read(bytes: Uint8Array, references?: ReferenceReader): unknown;
}
export const Serializer = token<Serializer>('Serializer', (bound) =>
  keeping.has(bound) ? bound : new GuardedSerializer(complete(bound)),
);

const complete = whole<Serializer>('Serializer', () => ({ write: 0, read: 0 }));

/** Moonpool's own, whose specs show that they keep to the contract: nothing stands around them. */
const keeping = new WeakSet<Serializer>();

/** Says that the serializer keeps to its contract, whatever it is given. */
export function keepsContract(serializer: Serializer): Serializer {
  keeping.add(serializer);
  return serializer;
}

/** Where bytes may be asked for that nobody needs: a value of nothing. */
const isNothing = (value: unknown): boolean => value === undefined || value === null;

/**
 * Stands around the serializer that somebody has bound. It is asked in the midst of packets and commits, which others have a part in:
 * whatever it throws is an error of the value, a promise is no answer, and no writer is in its hands that anybody else uses.
 */
class GuardedSerializer implements Serializer {
  readonly contentType: string;

  constructor(private readonly serializer: Serializer) {
    this.contentType = serializer.contentType;
  }

  write(value: unknown, into: ByteWriter): void {
    const own = new ByteWriter();
    own.limitTo(into.room);
    let answer: unknown;
    try {
      answer = this.serializer.write(value, own);
    } catch (error) {
      throw this.failure('UNSERIALIZABLE_VALUE', 'write a value', error);
    }
    if (isLateAnswer(answer)) throw this.asynchronous('UNSERIALIZABLE_VALUE', 'write');
    if (own.length === 0 && !isNothing(value)) throw this.silent();
    into.bytes(own.view());
  }

  read(bytes: Uint8Array, references?: ReferenceReader): unknown {
    let value: unknown;
    try {
      value = this.serializer.read(bytes, references);
    } catch (error) {
      throw this.failure('MALFORMED_PAYLOAD', `read ${bytes.length} bytes`, error);
    }
    if (isLateAnswer(value)) throw this.asynchronous('MALFORMED_PAYLOAD', 'read');
    return value;
  }

  private failure(code: SerializerFailure, does: string, cause: unknown): unknown {
    if (isMoonpoolError(cause)) return cause;
    return new MoonpoolError(code, {
      message: `The serializer for ${this.contentType} could not ${does}: ${reasonOf(cause)}`,
      remedy: 'Look at the cause: the serializer that a module binds has failed.',
      cause,
    });
  }

  private asynchronous(code: SerializerFailure, method: 'write' | 'read'): MoonpoolError {
    return new MoonpoolError(code, {
      message: `The method ${method} of the serializer for ${this.contentType} returned a promise, and its work is needed at once`,
      remedy: `Make ${method} a method that is not async and has done its work when it returns.`,
    });
  }

  private silent(): MoonpoolError {
    return new MoonpoolError('UNSERIALIZABLE_VALUE', {
      message: `The method write of the serializer for ${this.contentType} wrote nothing of a value`,
      remedy: 'Write its bytes to the second argument, as in `into.bytes(...)`: what write returns is not looked at.',
    });
  }
}

type SerializerFailure = 'UNSERIALIZABLE_VALUE' | 'MALFORMED_PAYLOAD';
