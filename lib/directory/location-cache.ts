import type { NodeId } from '../identity/node-id';
import type { LOCATION_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';

/** The node where an actor was last known to be. */
export interface Location {
  readonly node: NodeId;
  readonly address: string;
}

/** How much is forgotten when there is no room. */
const FORGOTTEN_SHARE = 1 / 16;

/**
 * Where actors were last known to be, so that most calls ask no directory. An entry may be wrong; the node that it names
 * then turns the call away. When the cache is full, what was noted longest ago gives way: a share of all.
 */
export class LocationCache {
  private readonly locations = new Map<string, Location>();

  /** @param counters of what was asked for: how much of it was known, and how much was not. */
  constructor(
    readonly capacity: number,
    readonly counters: Bound<typeof LOCATION_METRICS>,
  ) {}

  /** How many places are known. */
  get size(): number {
    return this.locations.size;
  }

  get(path: string): Location | undefined {
    const location = this.locations.get(path);
    if (location === undefined) this.counters.missed.value++;
    else this.counters.found.value++;
    return location;
  }

  /** As {@link get}, for those who do not look for the actor: it is not counted. */
  peek(path: string): Location | undefined {
    return this.locations.get(path);
  }

  set(path: string, location: Location): void {
    const { locations } = this;
    const before = locations.size;
    locations.set(path, location);
    if (locations.size > before) {
      if (before >= this.capacity) this.makeRoom();
      return;
    }
    // Known before: it goes behind all others. Most are not, so this is not asked beforehand.
    locations.delete(path);
    locations.set(path, location);
  }

  /** Notes what a node that turned a call away knows of the actor's place, if anything. */
  correct(path: string, location: Location | undefined): void {
    if (location === undefined) this.delete(path);
    else this.set(path, location);
  }

  delete(path: string): void {
    this.locations.delete(path);
  }

  /** Several at a time: a map looks at all that were deleted before it finds the one that is the oldest now. */
  private makeRoom(): void {
    let left = Math.max(1, Math.floor(this.capacity * FORGOTTEN_SHARE));
    for (const path of this.locations.keys()) {
      this.locations.delete(path);
      if (--left === 0) return;
    }
  }
}
