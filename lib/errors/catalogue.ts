import { BUILDING_ERRORS } from './building-errors';
import { LOCAL_ERRORS } from './local-errors';
import { SIMULATION_ERRORS } from './simulation-errors';
import { STORAGE_ERRORS } from './storage-errors';

/**
 * Every error that Moonpool raises, by code. A code is never reused for another meaning. `docs/errors.md` lists the
 * same codes; `spec/house` compares the two, both ways.
 */
export const ERROR_CATALOGUE = {
  ...BUILDING_ERRORS,
  // Identity
  INVALID_ACTOR_ID: {
    summary: 'A namespace, actor type or actor key cannot be part of an actor id.',
    remedy: 'Use a non-empty NFC string without control characters or lone surrogates, within the stated length.',
  },
  INVALID_ADDRESS: {
    summary: 'A network address cannot be understood.',
    remedy: 'Write host:port, [ipv6]:port or unix:/path/to/socket.',
  },
  // Calls
  UNKNOWN_ACTOR: {
    summary: 'The called actor type is not registered where the call arrived.',
    remedy: 'Add the class to `actors` when the runtime starts, on every node that may host it.',
  },
  FOREIGN_NAMESPACE: {
    summary: 'An actor was called at a process of another application.',
    remedy: 'Call it with a client of its own namespace.',
  },
  DETACHED_METHOD: {
    summary: 'A method was taken from its reference and called without it.',
    remedy: 'Call the method on the reference, or pass a function that does.',
  },
  UNKNOWN_HANDLER: {
    summary: 'The actor class has no handler of the called name.',
    remedy: 'Mark the method with @Handler(), or correct the name of the call.',
  },
  METHOD_MISSING: {
    summary: 'A class declares a method, and its object has no function of that name.',
    remedy:
      'Keep what is decorated a method: set no field of its name, delete none, and return no other object from the constructor.',
  },
  UNKNOWN_REMINDER: {
    summary: 'The actor class has no method for a reminder of the name.',
    remedy: 'Mark a method with @Reminder and the name, or correct the name.',
  },
  OUTSIDE_OF_TURN: {
    summary: 'What goes with the commit of a turn was asked for where there is none.',
    remedy: 'Do it in a handler, in a reminder, or in a hook of an actor that has something durable.',
  },
  UNKNOWN_REFERENCE: {
    summary: 'A value holds a reference to an actor that the process which received it does not know.',
    remedy:
      'Add the class to `actors` of every process that such references come to, whether it hosts the class or not.',
  },
  INVALID_PAYLOAD: {
    summary: 'The arguments of a call do not satisfy the payload class of its handler.',
    remedy: 'Send what the payload class declares; each violated rule is listed.',
  },
  UNSERIALIZABLE_VALUE: {
    summary: 'A value cannot be carried between actors.',
    remedy: 'Send plain data, Date, Map, Set, bigint, typed arrays or payload classes; never functions or symbols.',
  },
  MALFORMED_PAYLOAD: {
    summary: 'Received bytes are not what the serializer writes.',
    remedy: 'Give all nodes of a cluster the same serializer and compatible versions.',
  },
  HANDLER_FAILED: {
    summary: 'The handler of the called actor threw an error; it is the cause.',
    remedy: 'Handle the cause; the turn ended, so the actor may have changed its state before it failed.',
  },
  FILTER_MISUSED: {
    summary:
      'A filter let a call go on twice, too late, with a change that is none, or without returning its answer; or it neither let the call go on nor answered it.',
    remedy:
      'Call next once before the filter ends, with nothing or { args, context }; to repeat a call, make it again.',
  },
  CALL_TIMEOUT: {
    summary: 'No answer arrived before the deadline of the call.',
    remedy:
      'Retry when `executed` is no, or when the operation is safe to repeat; or give the call more time with $with({ timeoutMs }).',
  },
  CALL_CANCELLED: {
    summary: 'The caller cancelled the call through its AbortSignal.',
    remedy: 'Nothing, if the cancellation was meant; `executed` says whether the actor may have run the call.',
  },
  CALL_DEADLOCK: {
    summary: 'A call would wait for an actor that itself waits for this call.',
    remedy:
      "Break the printed chain: answer before calling back, use $send, or mark the class with @Reentrant('call-chain').",
  },
  CONNECTION_LOST: {
    summary: 'The connection to the node that runs the called actor was lost before the answer arrived.',
    remedy: 'Retry when `executed` is no, or when the operation is safe to repeat.',
  },
  NODE_UNREACHABLE: {
    summary: 'No connection to the node of the called actor could be made.',
    remedy: 'Retry later: the actor moves to another node once the cluster has declared the node dead.',
  },
  ACTOR_VERSION_MISMATCH: {
    summary: 'Caller and actor have different versions of a class that is strict; the call was not executed.',
    remedy:
      'Roll the processes that have the earlier version; or let versions of the class answer each other: leave `versionPolicy` out of its @Actor.',
  },
  NO_NODE_AVAILABLE: {
    summary:
      'The cluster has no active node that could host the actor, or the placement of its class found none or failed.',
    remedy: 'Start a node that lists the actor class, or retry when one has joined.',
  },
  MIGRATION_REFUSED: {
    summary: 'An actor cannot move to the node that was named, or cannot move at all.',
    remedy:
      'Name an active node that hosts the class, and not the one that has the actor; or leave `to` out, so that placement chooses one.',
  },
  TOO_MANY_FORWARDS: {
    summary: 'The call was rejected by more nodes than may forward it.',
    remedy:
      'Retry: nothing was done, and the cluster was changing meanwhile. If it comes often, raise `messaging.maxForwards`.',
  },
  MAILBOX_FULL: {
    summary: 'The mailbox of the actor is full; the call was not executed.',
    remedy: 'Slow down, or raise `mailboxCapacity` in @Actor, or `activation.mailboxCapacity` for all actors.',
  },
  NODE_OVERLOADED: {
    summary: 'The node, or the actor, has so much to do that the call would have waited too long; it was not executed.',
    remedy:
      'Try again after a while, later each time; or call less, or let more nodes serve. `activation.maxWaitShare`, `maxWaitMs` and `maxWaiting` say what is too long.',
  },
  OBSERVER_GONE: {
    summary: 'The called object of a process observes no more.',
    remedy: 'Forget the reference; whoever wants to observe again passes a new one.',
  },
  HEADER_TOO_LARGE: {
    summary: 'What a call carries beside its arguments is too large: its request context, or its chain of callers.',
    remedy: 'Say less in the request context, or pass it as an argument; shorten the chain with $send.',
  },
  UNKNOWN_HEADER_FIELD: {
    summary:
      'A message says something that may not be passed over and that this process does not know; the sender is of a later release.',
    remedy:
      'Bring this process to the release of the sender, or let the sender not use what is new until all processes know it.',
  },
  FEATURE_MISSING: {
    summary: 'The process that was asked does not have what the request needs: it is of an earlier release.',
    remedy: 'Bring it to this release; until then do without its answer.',
  },
  TOO_MANY_PENDING_CALLS: {
    summary: 'This node already waits for as many answers as it may.',
    remedy: 'Wait for answers before calling more, or raise `messaging.maxPendingCalls`.',
  },
  ACTIVATION_FAILED: {
    summary:
      'The actor could not be activated: its registration, its state, its constructor or its onActivate hook failed; the message says which.',
    remedy:
      'Remove what the cause names; the next call tries again, after a hold of at most `activation.failureHoldMs`.',
  },
  LIFECYCLE_TIMEOUT: {
    summary: 'An actor took too long to become active, or to end.',
    remedy:
      'Find what its constructor, its hook or its store waits for, or raise `activation.activationLimitMs` or `activation.deactivationLimitMs`.',
  },
  RUNTIME_NOT_READY: {
    summary: 'The runtime refuses calls in its present state.',
    remedy: 'Call after ActorRuntime.start has resolved and before shutdown.',
  },
  NODE_FENCED: {
    summary: 'The node lost its lease and stopped serving.',
    remedy:
      'Retry when `executed` is no, or when the operation is safe to repeat: another node activates the actor. Look for what paused the node, or cut it off from the store.',
  },
  // Fixed endpoints
  ENDPOINT_NOT_FOUND: {
    summary: 'Nobody serves the endpoint at the address.',
    remedy:
      'Serve the interface there before it is called, and give both sides the same interface id and method index.',
  },
  ENDPOINT_IN_USE: {
    summary: 'The endpoint is served on this transport already.',
    remedy: 'Close what serves it first, or give the interface an id of its own.',
  },
  ENDPOINT_FORBIDDEN: {
    summary: 'The endpoint does not admit this caller.',
    remedy: 'Call from a process that `admits` of the endpoint lets in.',
  },
  BROKEN_PROMISE: {
    summary: 'The handler of a request ended without an answer, or was ended with its endpoint.',
    remedy: 'Answer every request in its handler; if the server was closing, ask again elsewhere.',
  },
  REPLY_ALREADY_GIVEN: {
    summary: 'A request was answered twice.',
    remedy: 'Answer each request once; `isAnswered` of its reply promise tells whether that was done.',
  },
  REQUEST_STREAM_FULL: {
    summary: 'As many requests as the endpoint takes at once wait for their answers.',
    remedy: 'Try again later, answer faster, or raise `capacity` of the endpoint.',
  },
  TRANSPORT_CLOSED: {
    summary: 'The transport of fixed endpoints was closed.',
    remedy: 'Open another one; nothing can be sent through this one any more.',
  },
  ...LOCAL_ERRORS,
  // State
  ...STORAGE_ERRORS,
  STORAGE_DEVICE_FAILED: {
    summary: 'An operation on a file failed.',
    remedy: 'Read the cause; check the path, the permissions and the space left.',
  },
  // Network
  ADDRESS_IN_USE: {
    summary: 'Another process already listens on the address.',
    remedy: 'Stop the other process or choose another address.',
  },
  CONNECTION_REFUSED: {
    summary: 'Nobody listens on the address.',
    remedy: 'Start the node that should listen there, or correct the address.',
  },
  CONNECTION_FAILED: {
    summary: 'A connection could not be made or broke.',
    remedy: 'Read the cause; check the network between the two addresses.',
  },
  CORRUPT_PACKET: {
    summary: 'Received bytes are not a packet of this protocol; the connection is torn down.',
    remedy: 'Check that the other side speaks the same protocol; a single case can be a damaged transfer.',
  },
  PACKET_TOO_LARGE: {
    summary: 'A packet is larger than the limit.',
    remedy: 'Send less at once, or raise `transport.maxPacketBytes` on all nodes.',
  },
  SEND_QUEUE_FULL: {
    summary: 'The queue of messages to a peer is full; the message was not sent.',
    remedy: 'Wait before sending more, or raise `transport.maxQueuedBytes`.',
  },
  MESSAGE_UNDELIVERED: {
    summary: 'The other side ended, or was given up, before it acknowledged a reliable message.',
    remedy: 'Send it again to the new incarnation when `executed` is no, or when it is safe to repeat.',
  },
  HANDSHAKE_REFUSED: {
    summary: 'The other side refused the connection, or spoke of another cluster, version or incarnation.',
    remedy: 'Give both sides the same cluster name and compatible versions; restart a node that was declared dead.',
  },
  CLUSTER_MISMATCH: {
    summary:
      'A node was not let into the cluster, because an option that all nodes must have in common is another one than that of a living member.',
    remedy:
      'Give all nodes the same value of what the message names; to change it, end all nodes first. A cluster secret is replaced by another without that, with a list of both.',
  },
  AUTHENTICATION_FAILED: {
    summary:
      'One side of a connection did not prove that it belongs to the cluster, or only one side has a cluster secret.',
    remedy:
      'Give all processes of the cluster the same `security.clusterSecret`; while it is replaced, a list of the new one and the old one.',
  },
  TLS_FAILED: {
    summary:
      'Two sides could not agree on TLS, or one does not trust the certificate of the other; the message says why.',
    remedy:
      'Give both sides `security.tls` with certificates of one authority, valid now, and made out to the address or to `serverName`.',
  },
  UNPROTECTED_ADDRESS: {
    summary:
      'The node was to listen where others than this machine can connect, without TLS and without a cluster secret.',
    remedy:
      'Set `security.clusterSecret` or `security.tls`, listen on 127.0.0.1, or set `security.insecure` to true in a network of your own.',
  },
  UNPUBLISHABLE_ADDRESS: {
    summary: 'The node would be published under an address at which nobody can call it, such as 0.0.0.0.',
    remedy:
      'Say with `advertise` at which host, or host:port, others reach this node, or listen on one address of the machine.',
  },
  TOO_MANY_CONNECTIONS: {
    summary: 'The other side has as many connections as it takes.',
    remedy: 'Close connections that are not needed, or raise the limit that the message names.',
  },
  ROLE_FORBIDDEN: {
    summary: 'A client sent what only nodes of the cluster may send.',
    remedy:
      'Nothing, if this process is a client; a process that takes part in the cluster is started with ActorRuntime.start.',
  },
  ...SIMULATION_ERRORS,
} as const satisfies Record<string, { readonly summary: string; readonly remedy: string }>;

/** The code of a {@link MoonpoolError}: a key of the catalogue. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;
