import type { Logger } from '../observability/logger';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { ActivationTable } from './activation-table';
import { SHUTTING_DOWN } from './end-reasons';

/** What is needed to end all activations in order. */
export interface DrainingParts {
  readonly activations: ActivationTable;
  readonly time: TimeProvider;
  readonly logger: Logger;
  /** How long it may take, in milliseconds. */
  readonly limitMs: number;
}

/** Deactivates all actors, each after its present turn. False when that took too long; the log says whose. */
export async function drain({ activations, time, logger, limitMs }: DrainingParts): Promise<boolean> {
  const drained = Promise.all(activations.all.map((activation) => activation.deactivate(SHUTTING_DOWN)));
  let limit: Timer | undefined;
  const cutOff = new Promise<boolean>((resolve) => (limit = time.schedule(limitMs, () => resolve(false))));
  const isDrained = await Promise.race([drained.then(() => true), cutOff]);
  limit?.cancel();
  if (isDrained) return true;
  const cut = activations.all.map(({ target }) => target.path);
  logger.warn('the drain took too long; activations were cut off', {
    count: cut.length,
    first: cut.slice(0, 10).join(', '),
  });
  return false;
}
