import type { Buggify } from '../chaos/buggify';
import type { Membership } from '../cluster/membership';
import type { Location, LocationCache } from '../directory/location-cache';
import type { ActorId } from '../identity/actor-id';
import type { ClassVersion } from '../metadata/class-version';
import type { ActorLocator } from './actor-locator';

/** What is needed to know where actors are. */
export interface KnownLocationsParts {
  readonly cache: LocationCache;
  readonly locator: ActorLocator;
  readonly membership: Pick<Membership, 'isLive' | 'refresh'>;
  readonly buggify: Buggify;
}

/** How often buggify forgets the place of an actor. */
const RARELY = { strikes: 0.05 };

/** What this process knows of where actors are. All that it learns comes here: what it looks up, and what it is told by those who are not the ones. */
export class KnownLocations {
  constructor(private readonly parts: KnownLocationsParts) {}

  /** Where the actor was last known to be, if that node lives. */
  get(path: string): Location | undefined {
    const { cache, membership, buggify } = this.parts;
    if (buggify.enabled && buggify.strikes('location-forgotten', RARELY)) cache.delete(path);
    const location = cache.get(path);
    return location !== undefined && membership.isLive(location.node) ? location : undefined;
  }

  /** The address at which the actor was last known to be, whether or not its node lives. */
  addressOf(path: string): string | undefined {
    return this.parts.cache.peek(path)?.address;
  }

  /**
   * Asks the directory and, for an actor that is nowhere, placement. @param wanted the version of the caller's class; undefined for the first.
   * @throws MoonpoolError NO_NODE_AVAILABLE, STORAGE_UNAVAILABLE
   */
  find(target: ActorId, wanted?: ClassVersion): Promise<Location> {
    const { cache, locator } = this.parts;
    return locator.locate(target, (location) => cache.set(target.path, location), wanted);
  }

  /** As {@link find}, in the cluster as it is now and not as it was seen last. */
  async findAgain(target: ActorId, wanted?: ClassVersion): Promise<Location> {
    await this.parts.membership.refresh();
    return this.find(target, wanted);
  }

  /** A node that hosts the class and may have any of its actors. @throws MoonpoolError NO_NODE_AVAILABLE, STORAGE_UNAVAILABLE */
  place(target: ActorId, wanted?: ClassVersion): Promise<Location> {
    return this.parts.locator.place(target, wanted);
  }

  /** Where the rejection says that the actor is, if that node lives. */
  said(location: Location | undefined): Location | undefined {
    return location !== undefined && this.parts.membership.isLive(location.node) ? location : undefined;
  }

  /** A node was asked for the actor and does not have it. @param location where it says that the actor is. */
  onRejected(path: string, location: Location | undefined): void {
    this.parts.cache.correct(path, location);
  }

  /** What was sent to the actor has not come to its node. */
  onNotReached(path: string): void {
    this.parts.cache.delete(path);
  }
}
