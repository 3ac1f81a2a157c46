import type { ActorReference } from '../actor/actor-reference';
import { reasonOf } from '../errors/reason-of';
import type { Logger } from '../observability/logger';
import { duration } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import type { Timer, TimeProvider } from '../providers/time-provider';

/** How an observation is kept. */
export interface ObserveOptions {
  /** How often the subscription is renewed, in milliseconds. Default: 20,000. */
  readonly renewMs?: number;
}

export const OBSERVE_OPTIONS = optionTable<ObserveOptions>({ renewMs: duration() });

export const DEFAULT_RENEW_MS = 20_000;

/** What an observation needs from its runtime. */
export interface ObservationParts {
  readonly time: TimeProvider;
  readonly logger: Logger;
  readonly renewMs: number;
  readonly onEnded: () => void;
}

/** An object of this process that actors call, and the subscription that is renewed for it. */
export class Observation<T extends object> {
  private renewal: Timer | undefined;
  private isOver = false;
  /** The one that is under way, however it ends. */
  private renewing: Promise<void> = Promise.resolve();
  /** How often in a row the subscription could not be renewed. */
  private failures = 0;

  constructor(
    /** What actors call it by. */
    readonly reference: ActorReference<T>,
    private readonly subscribe: ((observer: ActorReference<T>) => Promise<unknown>) | undefined,
    private readonly parts: ObservationParts,
  ) {}

  /** Subscribes, and from then on renews. Rejects when the first subscription fails; the observation is over then. */
  async begin(): Promise<void> {
    if (this.subscribe === undefined) return;
    try {
      await this.subscribe(this.reference);
    } catch (error) {
      void this.end();
      throw error;
    }
    this.expectRenewal();
  }

  /**
   * Observes no more: calls of this object fail with OBSERVER_GONE from now on, by which actors forget it. Resolves when a renewal that is under way has ended too, which
   * nobody but a simulation need wait for. Never rejects.
   */
  async end(): Promise<void> {
    if (!this.isOver) {
      this.isOver = true;
      this.renewal?.cancel();
      this.parts.onEnded();
    }
    await this.renewing;
  }

  private expectRenewal(): void {
    if (this.isOver) return;
    const { time, renewMs } = this.parts;
    this.renewal = time.schedule(renewMs, () => {
      this.renewing = this.renew().then(
        () => this.onRenewed(),
        (error: unknown) => this.onNotRenewed(error),
      );
    });
  }

  /** Asynchronous, so that what the subscriber throws before it has made a promise is a failed renewal like any other. */
  private async renew(): Promise<void> {
    await this.subscribe?.(this.reference);
  }

  private onRenewed(): void {
    const { logger } = this.parts;
    if (this.failures > 0)
      logger.info('a subscription is renewed again', { observer: this.reference.$id.path, attempts: this.failures });
    this.failures = 0;
    this.expectRenewal();
  }

  /** Said once: an outage lasts for many attempts. */
  private onNotRenewed(error: unknown): void {
    if (this.isOver) return;
    const { logger } = this.parts;
    if (this.failures++ === 0)
      logger.warn('a subscription could not be renewed; it is tried again until it can', {
        observer: this.reference.$id.path,
        why: reasonOf(error),
      });
    this.expectRenewal();
  }
}
