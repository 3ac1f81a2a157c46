import type { Rejection } from './rejection';
import type { TurnRefusal } from './turn-refusal';

/** What a reply tells of the turn that gave it, so that long histories can be checked without searching. */
export interface Witness {
  /** The epoch of the activation; 0 for actors without state. */
  readonly epoch: number;
  /** The number of the turn within the activation. */
  readonly turn: number;
  /** The version of the state after the turn; 0 for actors without state. */
  readonly version: number;
}

/** The way back of a request: it comes with the message and is used once. Its methods never throw. */
export interface ReplyPort {
  /** The turn ended with this value; the port copies it before the turn's actor can change it. */
  value(value: unknown, witness: Witness): void;
  /** The call failed: a turn ended with this error, or none was started, as the error says. */
  error(error: unknown): void;
  /** No turn was started, and nobody else need be asked. */
  refuse(refusal: TurnRefusal): void;
  /** No turn was started; the caller may look elsewhere. */
  reject(rejection: Rejection): void;
}
