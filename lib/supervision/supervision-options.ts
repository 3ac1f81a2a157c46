import { MoonpoolError } from '../errors/moonpool-error';
import { checkCount, checkDuration, type LocalOptions } from './local-options';

/**
 * Who is started anew when a child is: `one-for-one`, the child alone; `one-for-all`, all children; `rest-for-one`, the child and
 * those that were started after it.
 */
export type SupervisionStrategy = 'one-for-one' | 'one-for-all' | 'rest-for-one';

/** When a child is started anew: `permanent`, whenever it ends; `transient`, when it fails; `temporary`, never. */
export type RestartPolicy = 'permanent' | 'transient' | 'temporary';

/** How many restarts a supervisor makes within a time before it gives up. */
export interface RestartIntensity {
  /** Default: 3. */
  readonly restarts?: number;
  /** In milliseconds. Default: 5,000. */
  readonly withinMs?: number;
}

/** How long a supervisor waits before it starts a child anew. */
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
  /** Default: none, children are started anew at once. */
  readonly backoff?: RestartBackoff;
  /** When it is started anew itself, by the supervisor above it. Default: `permanent`. */
  readonly restart?: RestartPolicy;
}

/** How a local actor is started by a supervisor. */
export interface ChildOptions extends LocalOptions {
  /** Default: `permanent`. */
  readonly restart?: RestartPolicy;
}

export const DEFAULT_INTENSITY: Required<RestartIntensity> = { restarts: 3, withinMs: 5_000 };

const STRATEGIES: readonly string[] = ['one-for-one', 'one-for-all', 'rest-for-one'] satisfies readonly SupervisionStrategy[];
const POLICIES: readonly string[] = ['permanent', 'transient', 'temporary'] satisfies readonly RestartPolicy[];

/** @throws MoonpoolError INVALID_OPTION */
export function checkSupervisorOptions({ strategy, intensity, backoff }: SupervisorOptions): void {
  checkChoice('strategy', strategy, STRATEGIES);
  checkCount('intensity.restarts', intensity?.restarts, 0);
  checkDuration('intensity.withinMs', intensity?.withinMs);
  checkDuration('backoff.minMs', backoff?.minMs);
  checkDuration('backoff.maxMs', backoff?.maxMs);
}

/** @throws MoonpoolError INVALID_OPTION */
export function checkRestartPolicy(policy: RestartPolicy | undefined): void {
  checkChoice('restart', policy, POLICIES);
}

function checkChoice(option: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw new MoonpoolError('INVALID_OPTION', { message: `The option ${option} must be one of ${choices.join(', ')}; '${value}' was given` });
}
