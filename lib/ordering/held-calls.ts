import type { Location } from '../directory/location-cache';
import type { ActorId } from '../identity/actor-id';
import type { ClassVersion } from '../metadata/class-version';
import type { Call } from '../calls/call';
import { searchError } from '../calls/unsent-call';

/** How calls that were held go on. */
export interface Departure {
  /** Where their actor is, or is to be: what they ask of its class is the same for all. What it fails with, fails them all. */
  readonly find: (target: ActorId, wanted: ClassVersion | undefined) => Promise<Location>;
  readonly send: (call: Call, location: Location) => void;
}

/** Calls that wait, in order, until the place of their actor is known: none must overtake another. */
export class HeldCalls {
  private readonly byPath = new Map<string, Call[]>();

  /** Of how many actors the place is being looked for. */
  get size(): number {
    return this.byPath.size;
  }

  /**
   * The call waits with others for the same actor, whether it is new or comes back because it could not be sent. False when
   * there are none to wait with.
   */
  join(call: Call): boolean {
    const waiting = this.byPath.size === 0 ? undefined : this.byPath.get(call.target.path);
    if (waiting === undefined) return false;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1]?.correlation ?? 0) > call.correlation) at--;
    waiting.splice(at, 0, call);
    return true;
  }

  /** True when calls of the actor wait, or would. */
  has(path: string): boolean {
    return this.byPath.has(path);
  }

  /**
   * The calls wait, and those that join them, until the place is known; then each is sent there. That it is not found, fails them all. It is
   * no async function: each first call of an actor comes here.
   */
  waitFor(path: string, calls: Call[], place: Promise<Location>, send: Departure['send']): void {
    this.byPath.set(path, calls);
    place.then(
      (location) => {
        this.byPath.delete(path);
        this.depart(calls, location, send);
      },
      (error: unknown) => this.fail(path, calls, error),
    );
  }

  private depart(calls: readonly Call[], location: Location, send: Departure['send']): void {
    for (const waiting of calls) {
      // Where the one before it could not be sent, it waits again, and so do those that follow it.
      if (waiting.abandoned || this.join(waiting)) continue;
      try {
        send(waiting, location);
      } catch (error) {
        // It may have been delivered, and those behind it are no worse for that.
        waiting.error(error);
      }
    }
  }

  private fail(path: string, calls: readonly Call[], error: unknown): void {
    this.byPath.delete(path);
    for (const waiting of calls) waiting.failed(searchError(waiting, error));
  }
}
