import type { Timer } from '../providers/time-provider';
import { Backoff } from '../transport/backoff';
import type { LocalEnding } from '../local-actors/local-ending';
import type { LocalWorld } from '../local-actors/local-world';
import type { SupervisedChild } from '../local-actors/supervised-child';
import type { RestartBackoff, RestartPolicy } from './supervision-options';

/** What a supervisor knows of a child. */
export class ChildRecord {
  /** True from the beginning of a life until it is over or was halted. */
  isUp = false;
  /** True since its first life began. */
  wasBegun = false;
  /** How its last life ended by itself, until that was acted upon. */
  lastEnding: LocalEnding | undefined;
  private timer: Timer | undefined;
  private awaited: (() => void) | undefined;
  private readonly delays: Backoff | undefined;
  private begunAt = 0;

  constructor(
    readonly child: SupervisedChild,
    readonly restart: RestartPolicy,
    private readonly world: LocalWorld,
    private readonly backoff: RestartBackoff | undefined,
  ) {
    this.delays =
      backoff === undefined
        ? undefined
        : new Backoff(backoff.minMs, Math.max(backoff.minMs, backoff.maxMs), world.random);
  }

  /** True when it is to be started again after such an ending. */
  returnsAfter({ code }: LocalEnding): boolean {
    return this.restart === 'permanent' || (this.restart === 'transient' && code === 'failed');
  }

  /** How long to wait before the next life, in milliseconds. */
  nextDelayMs(): number {
    const { delays, backoff, world } = this;
    if (delays === undefined || backoff === undefined) return 0;
    if (world.time.now() - this.begunAt > backoff.maxMs) delays.reset();
    return delays.nextMs();
  }

  /** Restarts it, and those that wait with it, after the delay. */
  restartAfter(delayMs: number, restart: () => void): void {
    this.awaited = restart;
    this.timer = this.world.time.schedule(delayMs, () => this.restartNow());
  }

  cancelRestart(): void {
    this.timer?.cancel();
    this.awaited = undefined;
  }

  /** Does at once what waits for its time, if anything does. */
  restartNow(): void {
    const { awaited } = this;
    this.cancelRestart();
    awaited?.();
  }

  async begin(): Promise<void> {
    this.isUp = true;
    this.wasBegun = true;
    this.lastEnding = undefined;
    this.begunAt = this.world.time.now();
    await this.child.begin();
  }

  async halt(): Promise<void> {
    this.cancelRestart();
    await this.child.halt();
    this.isUp = false;
    this.lastEnding = undefined;
  }
}
