import type { ErrorCode } from './catalogue';

/** What comes and goes with nodes, connections, load and the store: the same call may succeed a moment later. */
export const TRANSIENT_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CALL_TIMEOUT',
  'CALL_DEADLOCK',
  'CONNECTION_LOST',
  'CONNECTION_REFUSED',
  'CONNECTION_FAILED',
  'CORRUPT_PACKET',
  'HANDSHAKE_REFUSED',
  'TOO_MANY_CONNECTIONS',
  'SEND_QUEUE_FULL',
  'MESSAGE_UNDELIVERED',
  'NODE_UNREACHABLE',
  'NODE_FENCED',
  'NODE_OVERLOADED',
  'NO_NODE_AVAILABLE',
  'TOO_MANY_FORWARDS',
  'TOO_MANY_PENDING_CALLS',
  'MAILBOX_FULL',
  'LIFECYCLE_TIMEOUT',
  'BROKEN_PROMISE',
  'REQUEST_STREAM_FULL',
  'STATE_FENCED',
  'STORAGE_UNAVAILABLE',
  'CIRCUIT_OPEN',
  'WORKER_POOL_FULL',
  'WORKER_DIED',
]);

/** These say where something failed, and their causes why. */
export const AS_TRANSIENT_AS_THEIR_CAUSES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ACTIVATION_FAILED',
  'CALL_CANCELLED',
  'HANDLER_FAILED',
]);
