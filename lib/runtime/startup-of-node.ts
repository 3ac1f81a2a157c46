import { ActivationOptions } from '../activation/activation-options';
import { MoonpoolError } from '../errors/moonpool-error';
import type { NodeRole } from '../identity/local-node';
import type { NodeContainer } from '../injection/node-container';
import { Logger } from '../observability/logger';
import { TimeLimits } from '../providers/time-limits';
import { TimeProvider } from '../providers/time-provider';
import { StartupSequence, StartupTasks } from './startup-tasks';

/** What a node does when it starts; a client has nothing to do. */
export function startupOf(container: NodeContainer, role: NodeRole): StartupSequence {
  const tasks = role === 'node' ? container.get(StartupTasks) : [];
  const limits = new TimeLimits(container.get(TimeProvider));
  const { drainLimitMs } = container.get(ActivationOptions);
  const late = (what: string) =>
    new MoonpoolError('LIFECYCLE_TIMEOUT', {
      message: `${what} did not end within ${drainLimitMs} ms`,
      remedy: 'Find what it waits for, or raise `activation.drainLimitMs`.',
    });
  return new StartupSequence(tasks, container.get(Logger), async (work, what) => {
    try {
      await limits.within(drainLimitMs, work, () => late(what));
    } finally {
      limits.stop();
    }
  });
}
