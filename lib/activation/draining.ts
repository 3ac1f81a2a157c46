import type { Logger } from '../observability/logger';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { ActivationMaker } from './activation-maker';
import type { ActivationTable } from './activation-table';
import { SHUTTING_DOWN } from './end-reasons';
import type { Evacuation } from './evacuation';
import type { GradualEnding } from './gradual-ending';

/** What is needed to end all activations in order. */
export interface DrainingParts {
  readonly activations: ActivationTable;
  readonly evacuation: Evacuation;
  readonly ending: GradualEnding;
  readonly maker: ActivationMaker;
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
  const drained = endAll(parts);
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

/** First those that the cluster has, whose turns may call those that this node has for itself: static actors and stateless workers. */
async function endAll({ activations, evacuation, ending, maker }: DrainingParts): Promise<void> {
  await evacuation.run(activations.all.filter(({ isRegistered }) => isRegistered));
  maker.stop();
  await ending.begin(activations.all, (each) => each.deactivate(SHUTTING_DOWN));
  await ending.settled();
}
