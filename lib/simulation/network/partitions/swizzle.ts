import { eventKind } from '../../timeline/event-queue';
import type { SimulationEngine } from '../../engine/simulation-engine';
import type { RollSequence } from '../../random/keyed-rolls';
import { bothWays, type PartitionRule } from './partition-rule';

const STOP = eventKind('swizzle-stop');
const RESTORE = eventKind('swizzle-restore');

/**
 * Stops the links of machines, one machine after another, and restores them in another order. That finds what depends on
 * who comes back first; FoundationDB calls it swizzle-clogging. Stopped links lose nothing and tell nobody.
 * @param machines whose links are stopped: to all others, by name. @param forMs from the first stop to the last restore.
 * @param onEnd called when all links are open again.
 */
export function swizzle(
  engine: SimulationEngine,
  partitions: PartitionRule,
  setting: {
    readonly machines: readonly string[];
    readonly others: readonly string[];
    readonly forMs: number;
    readonly rolls: RollSequence;
  },
  onEnd: () => void = () => undefined,
): void {
  const { machines, others, forMs, rolls } = setting;
  const everybody = [...new Set([...machines, ...others])];
  const [stopOrder, restoreOrder] = [shuffled(machines, rolls), shuffled(machines, rolls)];
  const releases = new Map<string, () => void>();
  const { era } = partitions;
  // The stops fill the first half of the time, the restores the second, so that all are stopped for a moment.
  const stepMs = forMs / 2 / Math.max(1, machines.length);
  for (const [turn, machine] of stopOrder.entries()) {
    engine.schedule(turn * stepMs, STOP, undefined, () => {
      if (partitions.era !== era) return;
      engine.record(undefined, 'swizzle-stop', { machine });
      releases.set(machine, partitions.block(bothWays([machine], everybody)));
    });
  }
  for (const [turn, machine] of restoreOrder.entries()) {
    engine.schedule(forMs / 2 + (turn + 1) * stepMs, RESTORE, undefined, () => {
      engine.record(undefined, 'swizzle-restore', { machine });
      releases.get(machine)?.();
      if (turn === machines.length - 1) onEnd();
    });
  }
  if (machines.length === 0) onEnd();
}

/** The items in an order that the rolls decide (Fisher and Yates). */
function shuffled(items: readonly string[], rolls: RollSequence): readonly string[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = rolls.below(last + 1);
    [result[last], result[other]] = [result[other] as string, result[last] as string];
  }
  return result;
}
