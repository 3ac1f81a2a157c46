/** The errors of simulations: the part of the catalogue that only tests meet. */
export const SIMULATION_ERRORS = {
  SIMULATION_FAILED: {
    summary: 'A seed of a simulation failed; the message holds seed, virtual time, last events and the replay command.',
    remedy: 'Run the printed command to replay the seed.',
  },
  INVARIANT_BROKEN: {
    summary: 'An invariant did not hold in a simulation.',
    remedy: 'Look at the last events before it: the first that should not have happened is near.',
  },
  ASSERTION_BROKEN: {
    summary: 'An assertion of the code did not hold in a simulation.',
    remedy: 'Replay the seed and look at what the named node did before: the assertion says what should be so.',
  },
  HISTORY_VIOLATED: {
    summary: 'A recorded history does not have the property that a checker looked for.',
    remedy: 'Read the quoted operations: they are as few as were found to contradict each other.',
  },
  HISTORY_UNDECIDED: {
    summary: 'A checker gave up its search before it knew whether a history is right.',
    remedy: 'Raise the limit of the search, record fewer operations on a key, or have answers carry witnesses.',
  },
  WORKLOAD_FAILED: {
    summary: 'A workload failed on real nodes; the message holds the seed and the reason.',
    remedy:
      'Run it again with the same seed, or run the same workload in a simulation, where a failure can be replayed.',
  },
  UNHANDLED_REJECTION: {
    summary: 'A promise was rejected in a simulation and nobody handled it.',
    remedy: 'Await the promise, or handle its rejection; the cause says what failed.',
  },
  TEST_NOT_AWAITED: {
    summary:
      'The body of a test ended while calls that it had made were still under way, so that it may have passed without its checks.',
    remedy:
      'Await what makes the named calls; of load that is to run beside the test, keep the promise and await it at the end.',
  },
  NODE_TASK_FAILED: {
    summary: 'A task that a simulated node had started by itself failed.',
    remedy: 'Read the cause: a real node would only have logged it.',
  },
  SIMULATION_DEADLOCK: {
    summary: 'Nothing is left to happen in the simulated world while the test still waits.',
    remedy: 'Look at the listed waits: a promise is never settled, or something real is awaited.',
  },
  SIMULATION_BUDGET_EXCEEDED: {
    summary: 'A seed ran past its budget of virtual time, events or real time.',
    remedy: 'Look for a loop in the last events, or raise the budget in the options of the test.',
  },
  SIMULATION_THREAD_DIED: {
    summary: 'The thread that ran a seed died: it ran out of memory, or code ended the process.',
    remedy: 'Replay the seed in a process of its own with the printed command, and look at what it allocates or ends.',
  },
  SIMULATION_NOT_DETERMINISTIC: {
    summary: 'Two runs of one seed took different ways.',
    remedy: 'Look at the first differing event: something used real time, real randomness or shared state there.',
  },
  AMBIENT_ACCESS: {
    summary:
      'Code of a simulation asked the surrounding world for something that no seed decides; the message names each place.',
    remedy: 'Inject the provider that is named for each place.',
  },
  UNAWAITED_PROMISE: {
    summary:
      'A promise that a turn began went on after the turn had ended, and acted for the actor without its protection.',
    remedy: 'Await the promise in the handler, or send a one-way message with $send.',
  },
  STATE_OUTLIVES_RUN: {
    summary:
      'A seed took another way after other runs in the same process: something outside of the simulated world kept what they left.',
    remedy:
      'Look for a variable of a module, a static field or a singleton in the code near the first differing event, or behind the values that the test found wrong; keep it in an actor, or bind it in the container.',
  },
} as const satisfies Record<string, { readonly summary: string; readonly remedy: string }>;
