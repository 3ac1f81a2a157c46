import type { DeactivationReason } from '../actor/deactivation-reason';
import type { OnDeactivate } from '../actor/hooks';
import type { ActorId } from '../identity/actor-id';
import type { RefusalLog } from '../observability/refusal-log';
import type { TimeLimits } from '../providers/time-limits';
import type { DurableState } from '../turns/durable-state';
import type { Hook } from '../turns/hook-request';
import { lifecycleTimeout } from './activation-failure';

/** An activation that takes no more turns. */
interface EndingActivation {
  readonly target: ActorId;
  readonly durable: DurableState;
  /** The actor itself. */
  readonly instance: object | undefined;
  runHook(hook: Hook, limitMs: number, code: () => unknown): Promise<void>;
}

/** What ending needs from the node. */
interface EndingParts {
  readonly refusals: Pick<RefusalLog, 'note'>;
  readonly limits: TimeLimits;
  readonly deactivationLimitMs: number;
}

/**
 * The last that an actor does: its hook runs, and what it has begun to write, or changed, becomes durable. It ends however that goes, so
 * nothing of it is thrown. Resolves to whether all went well.
 */
export async function concludeActor(
  activation: EndingActivation,
  { refusals, limits, deactivationLimitMs }: EndingParts,
  reason: DeactivationReason,
): Promise<boolean> {
  const { target, durable, instance } = activation;
  const actor = instance as Partial<OnDeactivate>;
  let failed = 'onDeactivate failed';
  const last = async (): Promise<void> => {
    if (actor.onDeactivate !== undefined)
      await activation.runHook('onDeactivate', deactivationLimitMs, () => actor.onDeactivate?.(reason));
    failed = 'what an actor wrote last could not be written when it ended';
    await durable.settled();
    durable.ended();
  };
  try {
    await limits.within(deactivationLimitMs, last(), () =>
      lifecycleTimeout(target, 'did not end', deactivationLimitMs),
    );
    return durable.failure === undefined;
  } catch (error) {
    // A node that ends has all its actors end, and a mistake of their class, or a store that is away, is that of all.
    refusals.note(failed, target.path, () => ({ fields: { actor: target.path }, error }));
    return false;
  }
}
