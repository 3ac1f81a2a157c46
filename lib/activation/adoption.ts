import { Deferred } from '../concurrency/deferred';
import type { AdoptedActor, HandedOver } from '../migration/migration-requests';

/** What a new activation takes over from the one that has stopped on another node. */
export class Adoption {
  private readonly end = new Deferred<AdoptedActor>();
  /** The bytes of the volatile state that was handed over; undefined when none was. */
  state: Uint8Array | undefined;
  private isCarried = false;

  /**
   * @param replaces the activation that has stopped.
   * @param ask asks its node for what it hands over.
   */
  constructor(
    readonly replaces: string,
    private readonly ask: () => Promise<HandedOver>,
  ) {}

  /** Resolves when the actor is active here; rejects when it will not be. */
  get outcome(): Promise<AdoptedActor> {
    return this.end.promise;
  }

  /**
   * Fetches what is handed over, now that the new activation is registered: not before, for until then others may have been made, and have ended. What cannot be
   * had is done without: the old activation has stopped for good. Never rejects.
   */
  async receive(): Promise<void> {
    try {
      const { isWaiting, state } = await this.ask();
      this.isCarried = isWaiting;
      if (isWaiting && state !== null) this.state = state;
    } catch {
      // Whoever hands over learns that nothing was carried.
    }
  }

  /** The actor is active here. */
  succeed({ name, incarnation }: Pick<AdoptedActor, 'name' | 'incarnation'>, activation: string): void {
    this.end.resolve({ activation, name, incarnation, isCarried: this.isCarried });
  }

  /** It will not be. */
  fail(error: unknown): void {
    this.end.reject(error);
  }
}
