import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { HealthCheck } from '../observability/health-check';
import type { TimeLimits } from '../providers/time-limits';

/** How one part of a process is. */
export interface PartHealth {
  readonly name: string;
  readonly decides: HealthCheck['decides'];
  readonly isWell: boolean;
  /** Why not, when it is not well. */
  readonly why?: string;
}

/** Whether a process is well, for probes and load balancers. */
export interface NodeHealth {
  /** False when the process should be started again. */
  readonly live: boolean;
  /** False when it should get no new work at present. */
  readonly ready: boolean;
  /** What was found, check by check, in the order of the modules. */
  readonly parts: readonly PartHealth[];
}

/** What a runtime says of itself. @param fenced why it has lost its place in the cluster; undefined when it has not. */
export function checksOf(isStopping: boolean, fenced: string | undefined): readonly HealthCheck[] {
  return [
    { name: 'running', decides: 'ready', check: () => (isStopping ? 'this process is shutting down' : undefined) },
    { name: 'member', decides: 'live', check: () => fenced },
  ];
}

/** How long one check may take, in milliseconds: probes do not wait for long either. */
const CHECK_LIMIT_MS = 1_000;

/** Asks all checks at once. Never fails: a check that does is a part that is not well. */
export async function healthOf(checks: readonly HealthCheck[], limits: TimeLimits): Promise<NodeHealth> {
  const parts = await Promise.all(checks.map((check) => healthOfPart(check, limits)));
  const isWell = (decides: HealthCheck['decides']): boolean =>
    parts.every((part) => part.isWell || part.decides !== decides);
  const live = isWell('live');
  return { live, ready: live && isWell('ready'), parts };
}

async function healthOfPart(check: HealthCheck, limits: TimeLimits): Promise<PartHealth> {
  const { name, decides } = check;
  const late = (): MoonpoolError =>
    new MoonpoolError('LIFECYCLE_TIMEOUT', {
      message: `The health check '${name}' took longer than ${CHECK_LIMIT_MS} ms`,
      remedy: 'Find what it waits for.',
    });
  try {
    const why = await limits.within(CHECK_LIMIT_MS, (async () => check.check())(), late);
    return why === undefined ? { name, decides, isWell: true } : { name, decides, isWell: false, why: String(why) };
  } catch (error) {
    return { name, decides, isWell: false, why: reasonOf(error) };
  }
}
