import { token } from '../injection/token';
import { whole } from '../injection/whole-contract';

/** The names of the events of a node's history. */
export const NODE_EVENTS = [
  'call',
  'call-rejected',
  'call-end',
  'send',
  'claim',
  'activate',
  'deactivate',
  'migrate-begin',
  'migrate-end',
  'rehydrate',
  'turn-start',
  'turn-end',
  'answer-recalled',
  'timer-set',
  'timer-cancelled',
  'persist',
  'persist-ack',
  'persist-refused',
  'lease-renewed',
  'lease-lost',
  'member-dead',
  'directory-register',
  'directory-unregister',
  'directory-range-held',
  'directory-range-lost',
  'deadlock',
  'stop',
] as const;

/** The events of a node's history, of which the guarantees are properties. */
export type NodeEventName = (typeof NODE_EVENTS)[number];

/** An event of an application: its own name, a colon, and what happened, such as `bank:transfer-done`. */
export type ApplicationEventName = `${string}:${string}`;

/** What an event says: who and how. Values are plain, so that the log can be hashed and printed. */
export type EventFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A value that an actor takes, gives or keeps. */
export interface ShownValue {
  /** The path of the actor. */
  readonly actor: string;
  /** `arguments`, `result` and `error` of a turn; `loaded` and `written` of a state, which may not be accepted. */
  readonly what: 'arguments' | 'result' | 'error' | 'loaded' | 'written';
  /** The handler, or the state. */
  readonly of: string;
  /** The value; it may throw. */
  readonly read: () => unknown;
}

/**
 * Takes down what a node does, and what an application wants to have known: invariants of a simulation subscribe to
 * events by name, and its timeline shows them among the faults. In production it costs one look at `enabled` unless a module
 * contributes to `EventSinks`; a simulation reads it
 * to check its invariants and to print the last events of a failure.
 */
export interface EventLog {
  /** False when nothing is taken down: then callers need not even build the fields. */
  readonly enabled: boolean;
  record(name: NodeEventName | ApplicationEventName, fields: EventFields): void;
  /** Runs code of an actor: that of a turn, or of a hook when there is none. Where it is missing the code just runs. */
  readonly within?: (<T>(turn: EventFields | undefined, code: () => T) => T) | undefined;
  /** An actor asks for its state to be written. */
  readonly persisting?: (() => void) | undefined;
  /** Is shown the values that go with the events, each after its event; undefined where nobody looks at them. They are no part of the history. */
  readonly shows?: ((value: ShownValue) => void) | undefined;
}
export const EventLog = token<EventLog>(
  'EventLog',
  whole('EventLog', () => ({ record: 0 })),
);

/** The event log of production, where nobody contributes a sink. */
export const silentEventLog: EventLog = { enabled: false, record: () => undefined };
