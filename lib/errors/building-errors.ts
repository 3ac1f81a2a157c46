/** The part of the catalogue that is about building an application: its classes, options, container and packages. */
export const BUILDING_ERRORS = {
  INVALID_ACTOR_CLASSES: {
    summary: 'One or more actor classes are declared wrongly; every mistake of all classes is listed.',
    remedy: 'Correct each listed declaration.',
  },
  INVALID_RPC_INTERFACE: {
    summary: 'A class with @RpcInterface is declared wrongly; every mistake of the class is listed.',
    remedy: 'Correct each listed declaration.',
  },
  INVALID_SIMULATION_CLASS: {
    summary: 'A class with @SimulationTest or @Invariant is declared wrongly.',
    remedy: 'Correct the declaration named in the message.',
  },
  INVALID_OPTION: {
    summary: 'An option or an argument has a value that cannot work, or there is no such option.',
    remedy: 'Give the option a value of the kind named in the message.',
  },
  MISSING_BINDING: {
    summary: 'The container lacks bindings that other bindings or actor classes need; all are listed together.',
    remedy: 'Add a container module that binds each missing token, or correct the token named by @inject.',
  },
  BINDING_CYCLE: {
    summary: 'Bindings of the container depend on each other in a circle.',
    remedy: 'Break the printed circle by moving the shared part into a binding of its own.',
  },
  DUPLICATE_BINDING: {
    summary: 'One container module binds the same token twice.',
    remedy: 'Keep one of the two bindings; to replace a binding, list a later module that binds the token again.',
  },
  INVALID_MODULE: {
    summary: 'A container module binds or contributes what cannot work.',
    remedy: 'Correct the module named in the message.',
  },
  MISSING_PACKAGE: {
    summary: 'An optional package that the chosen engine needs is not installed.',
    remedy: 'Install the package named in the message.',
  },
  BUNDLED_FILE_MISSING: {
    summary: 'A file that Moonpool runs as a thread or a process of its own is not there: a bundler left it out.',
    remedy: 'Mark moonpool as external to the bundler, or give it the file named in the message as one more entry.',
  },
  DUPLICATE_ASSERTION: {
    summary: 'Two assertions of the code have the same name.',
    remedy: 'Give each a name of its own, and declare it once, where its file is loaded.',
  },
  ASYNC_CALLBACK: {
    summary: 'A function that must answer at once answered with a promise.',
    remedy: 'Make it a function that is not async; what must be waited for belongs into a handler, or before the call.',
  },
  INVALID_STATE_MOVE: {
    summary: 'A state machine was asked for a move that it does not allow.',
    remedy: 'This is a defect of Moonpool; please report it with the message.',
  },
  STARTUP_FAILED: {
    summary: 'A startup task of the node failed, so the node was shut down again; the cause says why.',
    remedy: 'Correct the cause, or let the task itself retry what may succeed later.',
  },
} as const;
