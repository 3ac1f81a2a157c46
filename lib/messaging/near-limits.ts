import type { Call } from '../calls/call';
import type { OutgoingRequest } from '../calls/outgoing-request';
import type { Witness } from '../calls/reply-port';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { boundOf } from '../serialization/value-bound';
import { PacketBatch } from '../wire/packet-batch';
import { MAX_HEADER_BYTES } from './envelope';
import { writeRequest, writeValue } from './envelope-writer';
import { ACTOR_MESSAGE, envelopeOf } from './sent-messages';

/** What stands around the arguments of a call, and around an answer: the packet's header, and at most a whole one of the envelope. */
const AROUND_BYTES = MAX_HEADER_BYTES + 128;

/** A UTF-16 unit is at most this many bytes of UTF-8. */
const MOST_BYTES_OF_UNIT = 3;

/** The numbers and lengths of an envelope's header. */
const HEADER_NUMBERS_BYTES = 64;

/**
 * What a call and its answer may carry is the same within a process as between two: where an actor lives must not decide whether it
 * can be called. A bound that is quickly found is enough for nearly all; only what might be too large is written as it
 * would be sent, and the bytes thrown away.
 */
export class NearLimits {
  constructor(
    private readonly serializer: Serializer,
    private readonly maxPacketBytes: number,
  ) {}

  /** Why the call could not have been sent to another process, as that would have thrown it; undefined when it could. */
  objectionTo(request: OutgoingRequest): unknown {
    const limit = this.maxPacketBytes - AROUND_BYTES;
    // An ordinary call is seen to be small without looking at it part by part.
    const mayBeTooLarge =
      (request.argumentBytes ?? boundOf(request.args, limit)) > limit || headerBoundOf(request) > MAX_HEADER_BYTES;
    return mayBeTooLarge
      ? this.write((into) => writeRequest(envelopeOf(request, 0, 0), this.serializer, into))
      : undefined;
  }

  /** Why the answer could not have been sent from another process. */
  objectionToAnswer({ correlation }: Call, value: unknown, witness: Witness): unknown {
    const limit = this.maxPacketBytes - AROUND_BYTES;
    return boundOf(value, limit) > limit
      ? this.write((into) => writeValue(correlation, witness, value, this.serializer, into))
      : undefined;
  }

  private write(write: (into: ByteWriter) => void): unknown {
    const batch = new PacketBatch(this.maxPacketBytes);
    try {
      write(batch.begin(ACTOR_MESSAGE));
      batch.end();
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

function headerBoundOf({ target, method, chain, values }: OutgoingRequest): number {
  let bytes = HEADER_NUMBERS_BYTES + (target.path.length + method.length) * MOST_BYTES_OF_UNIT;
  for (const path of chain) bytes += path.length * MOST_BYTES_OF_UNIT + 2;
  return values === undefined ? bytes : bytes + boundOf(values, MAX_HEADER_BYTES);
}
