import { contributions } from '../injection/contribution-list';
import { anyOf } from '../options/option-kind';

/**
 * One reason for which a process might not be well. What `check` says is a sentence that tells an operator why not, or
 * undefined when all is well; one that throws, or takes longer than a second, is taken for a reason too.
 */
export interface HealthCheck {
  /** For whoever reads it: `store`, `lease`. */
  readonly name: string;
  /** `live`: without it the process should be started again. `ready`: without it, it should get no new work for a while. */
  readonly decides: 'live' | 'ready';
  check(): Promise<string | undefined> | string | undefined;
}

/** The checks of a process, to which modules contribute; `runtime.health()` asks them all. */
export const HealthChecks = contributions<HealthCheck>('HealthChecks', {
  accepts: anyOf("a check { name, decides: 'live' or 'ready', check() }", (value) => {
    const { name, decides, check } = (value ?? {}) as Partial<Record<keyof HealthCheck, unknown>>;
    const isNamed = typeof name === 'string' && name !== '';
    return isNamed && (decides === 'live' || decides === 'ready') && typeof check === 'function';
  }),
});
