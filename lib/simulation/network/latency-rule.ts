import type { KeyedRandom } from '../random/keyed-random';
import { PASS, type Transfer, type TransferRule, type Verdict } from './transfer-rule';

/** How long deliveries take. Times are in milliseconds. */
export interface DeliveryLatency {
  readonly minMs: number;
  readonly maxMs: number;
  /** The part of deliveries that are slow, 0 to 1. */
  readonly slowShare: number;
  /** How many times longer a slow delivery takes at most. */
  readonly slowFactor: number;
}

/** Each delivery takes its time, and some take much longer. */
export class LatencyRule implements TransferRule {
  readonly name = 'latency';

  constructor(
    private readonly random: KeyedRandom,
    private readonly latency: DeliveryLatency,
  ) {}

  onSend(transfer: Transfer): Verdict {
    const { minMs, maxMs, slowShare, slowFactor } = this.latency;
    if (transfer.kind === 'connect') return PASS;
    const rolls = this.random.rolls('latency', `${transfer.from}>${transfer.to}`);
    const ms = rolls.between(minMs, maxMs);
    return { kind: 'delay', ms: rolls.happens(slowShare) ? ms * rolls.between(1, slowFactor) : ms };
  }
}
