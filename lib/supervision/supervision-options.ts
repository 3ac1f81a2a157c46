import { choice, count, delay, mandatory } from '../options/option-kind';
import { group, optionTable } from '../options/option-table';
import { localName, OF_LOCAL_ACTORS, type LocalOptions } from '../local-actors/local-options';

/**
 * Who is started again when a child is: `one-for-one`, the child alone; `one-for-all`, all children; `rest-for-one`, the child and
 * those that were started after it.
 */
export type SupervisionStrategy = 'one-for-one' | 'one-for-all' | 'rest-for-one';

/** When a child is started again: `permanent`, whenever it ends; `transient`, when it fails; `temporary`, never. */
export type RestartPolicy = 'permanent' | 'transient' | 'temporary';

/** How many restarts a supervisor makes within a time before it gives up. */
export interface RestartIntensity {
  /** Default: 3. */
  readonly restarts?: number;
  /** In milliseconds. Default: 5,000. */
  readonly withinMs?: number;
}

/** How long a supervisor waits before it starts a child again. */
export interface RestartBackoff {
  /** About how long before the first restart, in milliseconds; twice as long before each further one. */
  readonly minMs: number;
  /** The longest wait, in milliseconds; a child that lives longer than this begins with the shortest again. */
  readonly maxMs: number;
}

/** How a supervisor is started. */
export interface SupervisorOptions {
  /** The name in the registry. Default: `supervisor`, and a number. */
  readonly name?: string;
  /** Default: `one-for-one`. */
  readonly strategy?: SupervisionStrategy;
  /** Beyond this the supervisor stops its children and fails itself. */
  readonly intensity?: RestartIntensity;
  /** Default: none, children are started again at once. */
  readonly backoff?: RestartBackoff;
  /** When it is started again itself, by the supervisor above it. Default: `permanent`. */
  readonly restart?: RestartPolicy;
}

/** How a local actor is started by a supervisor. */
export interface ChildOptions extends LocalOptions {
  /** Default: `permanent`. */
  readonly restart?: RestartPolicy;
}

export const DEFAULT_INTENSITY: Required<RestartIntensity> = { restarts: 3, withinMs: 5_000 };

const restart = choice('permanent', 'transient', 'temporary');

const INTENSITY_OPTIONS = optionTable<RestartIntensity>({ restarts: count(0), withinMs: delay() });

const BACKOFF_OPTIONS = optionTable<RestartBackoff>({ minMs: mandatory(delay()), maxMs: mandatory(delay()) });

export const SUPERVISOR_OPTIONS = optionTable<SupervisorOptions>({
  name: localName,
  strategy: choice('one-for-one', 'one-for-all', 'rest-for-one'),
  intensity: group(INTENSITY_OPTIONS),
  backoff: group(BACKOFF_OPTIONS),
  restart,
});

export const CHILD_OPTIONS = optionTable<ChildOptions>({ ...OF_LOCAL_ACTORS, restart });
