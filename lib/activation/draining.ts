import type { Logger } from '../observability/logger';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { ActivationTable } from './activation-table';
import type { Evacuation } from './evacuation';

/** What is needed to end all activations in order. */
export interface DrainingParts {
  readonly activations: ActivationTable;
  readonly evacuation: Evacuation;
  readonly time: TimeProvider;
  readonly logger: Logger;
  /** How long it may take, in milliseconds. */
  readonly limitMs: number;
  /** How long the move of one actor may take, in milliseconds: none begins so shortly before the limit. */
  readonly moveLimitMs: number;
}

/** Moves or deactivates all actors, each after its present turn. False when that took too long; the log says whose. */
export async function drain(parts: DrainingParts): Promise<boolean> {
  const { activations, evacuation, time, logger, limitMs, moveLimitMs } = parts;
  const drained = evacuation.run(activations.all);
  // Where there is little time in all, half of it is for moves.
  const lastMove = time.schedule(Math.max(limitMs - moveLimitMs, limitMs / 2), () => evacuation.stop());
  let limit: Timer | undefined;
  const cutOff = new Promise<boolean>((resolve) => (limit = time.schedule(limitMs, () => resolve(false))));
  const isDrained = await Promise.race([drained.then(() => true), cutOff]);
  lastMove.cancel();
  limit?.cancel();
  if (isDrained) return true;
  const cut = activations.all.map(({ target }) => target.path);
  logger.warn('the drain took too long; activations were cut off', {
    count: cut.length,
    first: cut.slice(0, 10).join(', '),
  });
  return false;
}
