/** The part of the catalogue that speaks of local actors, their supervisors, and what guards and helps them. */
export const LOCAL_ERRORS = {
  LOCAL_ACTOR_ENDED: {
    summary: 'A local actor or a supervisor has ended, or ended before it answered.',
    remedy:
      'Start another one, or have a supervisor start it again; `executed` says whether the message can have been handled.',
  },
  LOCAL_NAME_IN_USE: {
    summary: 'A local actor with this name is alive.',
    remedy: 'Choose another name, or stop the other one first.',
  },
  TOO_MANY_LOCAL_ACTORS: {
    summary: 'A system has as many local actors as it may.',
    remedy: 'Stop those that are not needed, or raise `maxActors` of the local system.',
  },
  RESTART_LIMIT_REACHED: {
    summary: 'The children of a supervisor ended so often that it stopped them all and gave up.',
    remedy:
      'Read the cause: starting again does not help against it. Or allow more with `intensity`, or slow restarts down with `backoff`.',
  },
  BROADCAST_INCOMPLETE: {
    summary: 'Not every receiver of a broadcast had room for the message.',
    remedy: 'Have slow receivers take more at once, or choose the policy `drop` or `wait`.',
  },
  CIRCUIT_OPEN: {
    summary: 'A circuit breaker refused a call, because too many calls before it failed.',
    remedy: 'Try again later; the message says when the breaker lets a call through to see whether things are better.',
  },
  WORKER_POOL_FULL: {
    summary: 'As many jobs as may wait for a worker of the pool.',
    remedy: 'Slow down, or raise `queueCapacity` or `workers` of the pool.',
  },
  WORKER_DIED: {
    summary: 'The worker that ran a job died; another one takes its place.',
    remedy: 'Read the cause; look at what the job allocates, or whether it ends its thread.',
  },
  WORKER_POOL_CLOSED: {
    summary: 'The pool of workers was closed.',
    remedy: 'Make another one; nothing can be run by this one any more.',
  },
} as const;
