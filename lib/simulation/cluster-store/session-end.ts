import type { NetworkConditions, Stalled } from '../network/transfers/network-conditions';
import type { NetworkLink } from '../network/transfers/network-link';
import { eventKind } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';

const RESET = eventKind('session-reset');

/** One side of a session with the store has ended it, or died: the other side learns that when the network lets it through. */
export class SessionEnd implements Stalled {
  /** @param life of the process that learns it; undefined for the store, which does not die. */
  constructor(
    private readonly conditions: NetworkConditions,
    readonly link: NetworkLink,
    private readonly life: NodeLife | undefined,
    private readonly onArrival: () => void,
  ) {}

  begin(): void {
    this.retry(this.conditions.judge({ link: this.link, kind: 'reset', stage: 'departure', bytes: 0 }).delayMs);
  }

  retry(delayMs: number): void {
    this.conditions.engine.schedule(delayMs, RESET, this.life, () => this.arrive());
  }

  private arrive(): void {
    const verdict = this.conditions.judge({ link: this.link, kind: 'reset', stage: 'arrival', bytes: 0 });
    if (verdict.hold) this.conditions.hold(this);
    else if (verdict.delayMs > 0) this.retry(verdict.delayMs);
    else this.onArrival();
  }
}
