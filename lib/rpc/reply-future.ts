import type { Linked } from '../concurrency/linked-list';
import { describeEndpoint, type Endpoint } from '../identity/endpoint';
import type { ByteWriter } from '../serialization/byte-writer';
import type { PacketConnection } from '../connection/packet-connection';
import { neverLeft, type AwaitedRequest } from '../requests/awaited-answers';

/** What a reply future is made of. */
export interface ReplyFutureParts {
  readonly correlation: number;
  readonly endpoint: Endpoint;
  /** In milliseconds of the monotonic clock. */
  readonly deadline: number;
  /** How long that was from the beginning, in milliseconds. */
  readonly timeoutMs: number;
  readonly isRepeatable: boolean;
  /** How long the address may be out of reach, in milliseconds. */
  readonly unlessFailedForMs: number;
  /** Writes the payload of the packet; called for each transmission. */
  readonly write: (into: ByteWriter) => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The caller's half of a request: it waits for the answer, and ends exactly once, through one of its two last methods. */
export class ReplyFuture implements AwaitedRequest {
  heapIndex = -1;
  earlier: Linked | undefined;
  later: Linked | undefined;
  isLinked = false;
  /** The connection by which the answer has to come; undefined while there is none. */
  connection: PacketConnection | undefined;
  /** Lets go of a signal. */
  release: () => void = () => undefined;
  batch = 0;
  private hasEnded = false;
  /** True when an earlier transmission may have been received. */
  private mayHaveArrived = false;

  constructor(readonly parts: ReplyFutureParts) {}

  get correlation(): number {
    return this.parts.correlation;
  }

  get deadline(): number {
    return this.parts.deadline;
  }

  get isOpen(): boolean {
    return !this.hasEnded;
  }

  /**
   * Whether the request was handled, as far as is known here. What waits on a connection leaves with it, whoever has given up
   * meanwhile: so it is `no` only where nothing was sent, or where the connection ended before it left.
   */
  get executed(): 'maybe' | 'no' {
    if (this.mayHaveArrived) return 'maybe';
    return this.connection === undefined || neverLeft(this) ? 'no' : 'maybe';
  }

  /** True when there was an earlier transmission, whose fate is unknown. */
  get wasRepeated(): boolean {
    return this.mayHaveArrived;
  }

  sentOn(connection: PacketConnection, batch: number): void {
    this.connection = connection;
    this.batch = batch;
  }

  /** The connection is gone, and with it the answer. */
  lostConnection(): void {
    this.mayHaveArrived = this.executed === 'maybe';
    this.connection = undefined;
  }

  describe(): string {
    return `The request to ${describeEndpoint(this.parts.endpoint)}`;
  }

  /** Ends it with the value. False when it had ended. */
  fulfil(value: unknown): boolean {
    return this.end(() => this.parts.resolve(value));
  }

  /** Ends it with the error. False when it had ended. */
  fail(error: unknown): boolean {
    return this.end(() => this.parts.reject(error));
  }

  private end(tell: () => void): boolean {
    if (this.hasEnded) return false;
    this.hasEnded = true;
    this.release();
    tell();
    return true;
  }
}
