import { metric, type MetricDefinition } from './metric';

const { counter, labelledCounter, gauge, histogram } = metric;

/** Calls that the process makes, and what becomes of them. */
export const CALL_METRICS = {
  made: counter('moonpool.calls.made', '{call}', 'Calls that wait for an answer, and $trySend.'),
  sent: counter('moonpool.calls.sent', '{message}', 'Messages that bring nothing back.'),
  succeeded: counter('moonpool.calls.succeeded', '{call}', 'Calls that were answered.'),
  failed: counter('moonpool.calls.failed', '{call}', 'Calls that ended with an error.'),
  timedOut: counter('moonpool.calls.timed_out', '{call}', 'Of those that failed, at their deadline.'),
  cancelled: counter('moonpool.calls.cancelled', '{call}', 'Of those that failed, because their callers gave up.'),
  rejected: counter(
    'moonpool.calls.rejected',
    '{call}',
    'How often a node has rejected a call, so that it went elsewhere.',
  ),
  dropped: counter('moonpool.calls.dropped', '{message}', 'Messages lost here that nobody waits for.'),
  lateReplies: counter('moonpool.calls.late_replies', '{message}', 'Answers that came when nobody waited any more.'),
};

/** Turns of actors. */
export const TURN_METRICS = {
  turns: counter('moonpool.turns', '{turn}', 'Turns that have begun.'),
  overflowed: counter(
    'moonpool.turns.overflowed',
    '{call}',
    'Calls that found a mailbox full, or gave way to newer ones.',
  ),
};

/** Turns of observers. */
export const OBSERVER_METRICS = {
  turns: counter('moonpool.observers.turns', '{turn}', 'Turns of observers that have begun.'),
  overflowed: counter('moonpool.observers.overflowed', '{call}', 'Calls that found the mailbox of an observer full.'),
};

/** How activations begin and end. */
export const ACTIVATION_METRICS = {
  activated: counter('moonpool.activations.activated', '{activation}', 'Activations that became active.'),
  ended: labelledCounter(
    'moonpool.activations.ended',
    '{activation}',
    'reason',
    'Activations that ended, or never became active.',
  ),
  migrated: labelledCounter(
    'moonpool.activations.migrated',
    '{activation}',
    'outcome',
    'Activations that were to move to another node, by what became of that.',
  ),
};

/** Durable states. */
export const STATE_METRICS = {
  claimed: counter('moonpool.states.claimed', '{state}', 'States that were claimed and read.'),
  written: counter('moonpool.states.written', '{write}', 'Writes that the store has accepted.'),
  writtenBytes: counter('moonpool.states.written_bytes', 'By', 'What these writes held.'),
  refused: counter(
    'moonpool.states.refused',
    '{write}',
    'Writes refused because a newer activation has claimed the state.',
  ),
  writeTime: histogram('moonpool.states.write_time', 's', 'How long an activation waits for a write.'),
};

/** Messages that must arrive. */
export const DELIVERY_METRICS = {
  kept: counter(
    'moonpool.deliveries.kept',
    '{message}',
    'Messages that this process has given to the store outside of turns.',
  ),
  delivered: counter('moonpool.deliveries.delivered', '{message}', 'Deliveries that this process has made.'),
  retried: counter('moonpool.deliveries.retried', '{attempt}', 'Attempts after which a delivery is to be tried again.'),
  dead: counter(
    'moonpool.deliveries.dead',
    '{message}',
    'Deliveries that their handlers have refused so often that they are not tried any more, and due times of reminders.',
  ),
};

/** The cache of the locations of actors. */
export const LOCATION_METRICS = {
  found: counter('moonpool.locations.found', '{lookup}', 'Look-ups that the cache has answered.'),
  missed: counter('moonpool.locations.missed', '{lookup}', 'Look-ups for which somebody else was asked.'),
};

/** What was refused or dropped. */
export const REFUSAL_METRICS = {
  refused: labelledCounter(
    'moonpool.refusals',
    '{refusal}',
    'kind',
    'What came from others and was refused or dropped.',
  ),
};

/** What is read when somebody looks. */
export const OBSERVED_METRICS = {
  pending: gauge('moonpool.calls.pending', '{call}', 'Calls that wait for an answer.'),
  heldBack: counter('moonpool.calls.held_back', '{call}', 'Calls not sent, for whom they would go to refuses others.'),
  lateRequests: counter(
    'moonpool.calls.late_requests',
    '{call}',
    'Requests of others that came behind their deadlines.',
  ),
  inProcess: counter('moonpool.calls.in_process', '{call}', 'Calls to other nodes of this process.'),
  activations: gauge('moonpool.activations', '{activation}', 'Actors in memory.'),
  waiting: gauge('moonpool.turns.waiting', '{call}', 'Calls in mailboxes.'),
  underWay: gauge('moonpool.turns.under_way', '{turn}', 'Turns that have begun and not ended.'),
  overloaded: counter('moonpool.turns.refused', '{call}', 'Calls refused because they would have waited too long.'),
  deadlocks: counter('moonpool.turns.deadlocks', '{call}', 'Calls refused because they waited for themselves.'),
  known: gauge('moonpool.locations.known', '{location}', 'Locations of actors in the cache.'),
  members: gauge('moonpool.cluster.members', '{node}', 'Active nodes in the view.'),
  storeReached: gauge('moonpool.cluster.store_reached', '1', '1 while the store of the members answers, otherwise 0.'),
  lag: gauge('moonpool.cluster.lag', 'ms', 'How late the timers of this node are, on an average over some renewals.'),
  leaseHeld: gauge('moonpool.cluster.lease_held', '1', '1 while this node may serve, otherwise 0.'),
  connections: gauge('moonpool.transport.incoming', '{connection}', 'Connections that others have opened.'),
  sentBytes: counter('moonpool.transport.sent_bytes', 'By', 'Sent to the addresses that this process talks to.'),
  receivedBytes: counter('moonpool.transport.received_bytes', 'By', 'Received from these addresses.'),
  deliveriesUnderWay: gauge('moonpool.deliveries.under_way', '{message}', 'Deliveries that this node is making.'),
  deliveryLag: gauge(
    'moonpool.deliveries.lag',
    's',
    "How long the longest due delivery of this node's part had been due when it was begun.",
  ),
  localActors: gauge('moonpool.local_actors', '{actor}', 'Local actors that are alive.'),
};

/** Every metric of Moonpool; docs/metrics.md says the same. */
export const METRIC_CATALOGUE: readonly MetricDefinition[] = [
  CALL_METRICS,
  TURN_METRICS,
  OBSERVER_METRICS,
  ACTIVATION_METRICS,
  STATE_METRICS,
  DELIVERY_METRICS,
  LOCATION_METRICS,
  REFUSAL_METRICS,
  OBSERVED_METRICS,
].flatMap((group) => Object.values<MetricDefinition>(group));
