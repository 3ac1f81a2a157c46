import type { Location } from '../directory/location-cache';
import type { Registration } from '../directory/actor-directory';
import { isMoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { formatNodeId } from '../identity/node-id';
import type { Departures } from '../migration/departures';
import type { Destinations } from '../migration/destinations';
import type { Logger } from '../observability/logger';
import type { Activation } from './activation';
import { SHUTTING_DOWN } from './end-reasons';
import type { GradualEnding } from './gradual-ending';

/** What is needed to give up all activations of a node. */
export interface EvacuationParts {
  readonly destinations: Destinations;
  readonly departures: Departures;
  readonly logger: Logger;
  readonly ending: GradualEnding;
  /** Whether this node gives actors to others at its end; otherwise it deactivates all of them. */
  readonly isWanted: boolean;
}

/** How many activations that have nothing to do move at a time. Those that are in the midst of turns are not counted: there are no more of them than turns. */
const MOVES_AT_ONCE = 64;

/** Who has been called within so many milliseconds is taken to be called again soon. */
const IN_USE_MS = 1_000;

/**
 * What becomes of the activations of a node that ends in order. Those that are in use, do something by themselves or have something in memory move to other nodes; all
 * others are deactivated, which costs the cluster less: most of them are not called for a long time, and then their first call activates them where it finds room.
 */
export class Evacuation {
  private readonly places = new Map<string, Registration>();
  /** The addresses of nodes that could not be asked, or take nobody. */
  private readonly avoided = new Set<string>();
  private waiting: Activation[] = [];
  private readonly beginnings: Promise<void>[] = [];
  private isOver = false;
  private failed = 0;

  constructor(private readonly parts: EvacuationParts) {}

  /** Where an actor is that has moved from here. */
  placeOf(path: string): Registration | undefined {
    return this.places.get(path);
  }

  /** Moves the activations or deactivates them, each after its present turns. Resolves when all of them have ended. */
  async run(all: readonly Activation[]): Promise<void> {
    const movable = new Set(this.parts.isWanted ? all.filter(isWorthMoving) : []);
    this.deactivate(all.filter((each) => !movable.has(each)));
    this.waiting = [...movable];
    if (movable.size > 0 && !(await this.parts.destinations.hasAny())) this.stop();
    // Taken from the end, so that who was activated last, and is called again soonest, waits least.
    await Promise.all(Array.from({ length: MOVES_AT_ONCE }, () => this.moveWaiting()));
    await Promise.all(this.beginnings);
    await this.parts.ending.settled();
    const { size: moved } = this.places;
    if (moved + this.failed > 0)
      this.parts.logger.info('actors have moved to other nodes', {
        moved,
        ended: all.length - moved,
        failed: this.failed,
      });
  }

  /** No more moves are begun: what has not is deactivated. */
  stop(): void {
    this.isOver = true;
    this.deactivate(this.waiting.splice(0));
  }

  private deactivate(activations: readonly Activation[]): void {
    this.beginnings.push(this.parts.ending.begin(activations, (each) => each.deactivate(SHUTTING_DOWN)));
  }

  private async moveWaiting(): Promise<void> {
    const busy: Promise<void>[] = [];
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
      const to = await this.destinationOf(next);
      const isBusy = next.loop.running > 0 || !next.isActive;
      const end = to === undefined || this.isOver ? next.deactivate(SHUTTING_DOWN) : this.move(next, to);
      // Its turns may take long, and others need not wait for that.
      if (isBusy) busy.push(end);
      else await end;
    }
    await Promise.all(busy);
  }

  private async move(activation: Activation, to: Location): Promise<void> {
    const { place, hasLost } = await activation.migrate(to);
    if (place !== undefined) this.places.set(activation.target.path, place);
    if (hasLost) this.failed++;
  }

  /** A node that says that it would take the actor, which goes on meanwhile; undefined when there is none. */
  private async destinationOf(activation: Activation): Promise<Location | undefined> {
    const { destinations, departures } = this.parts;
    const { target } = activation;
    const refusing = new Set<string>();
    while (!activation.isOver && !this.isOver) {
      let to: Location | undefined;
      try {
        to = destinations.among(target, (address) => !this.avoided.has(address) && !refusing.has(address));
        await departures.ask(target, to);
        return to;
      } catch (error) {
        // No other node will do, or a strategy of others has failed: the actor ends here.
        if (to === undefined) return undefined;
        if (isAboutActor(error)) refusing.add(to.address);
        else await this.avoid(to, error);
      }
    }
    return undefined;
  }

  /** Each question to it would take long, or be asked in vain. */
  private async avoid(to: Location, error: unknown): Promise<void> {
    const { destinations, logger } = this.parts;
    if (this.avoided.has(to.address)) return;
    this.avoided.add(to.address);
    // One that has ended, or is stopping too, as when a whole cluster is stopped, is nothing to look into.
    if (isMoonpoolError(error, 'MIGRATION_REFUSED') || !(await destinations.has(to))) return;
    logger.info('a node takes no actors of this one, which is stopping', {
      node: formatNodeId(to.node),
      why: reasonOf(error),
    });
  }
}

/** Another one can be activated by that node. */
function isAboutActor(error: unknown): boolean {
  return isMoonpoolError(error, 'ACTIVATION_FAILED') || isMoonpoolError(error, 'UNKNOWN_ACTOR');
}

/** Otherwise it would be made elsewhere for nobody. */
function isWorthMoving({ idleMs, hasTimers, isEnding, instance, descriptor }: Activation): boolean {
  if (isEnding) return false;
  const actor: object = instance ?? (descriptor.type.prototype as object);
  return idleMs < IN_USE_MS || hasTimers || 'onDehydrate' in actor;
}
