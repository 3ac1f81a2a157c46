import type { Call } from '../calls/call';
import type { PacketConnection } from '../connection/packet-connection';
import type { Location } from '../directory/location-cache';
import { ActorId } from '../identity/actor-id';
import { HeldCalls, type Departure } from './held-calls';
import type { RejectionNotice } from './rejection-notice';
import { RoutesInUse, type RouteInUse } from './routes-in-use';
import { SentCalls } from './sent-calls';

/**
 * The order of calls of one process to one actor, at the process that makes them. Later calls follow those that are under way, whatever
 * is learnt about the place of their actor meanwhile; and while that place is being looked for, they wait with each other. So
 * none is sent elsewhere before the ones ahead of it have come back, and then they go on in their order.
 */
export class SenderOrder {
  private readonly routes = new RoutesInUse();
  private readonly held = new HeldCalls();
  private readonly sent = new SentCalls();

  /** What is kept for calls on their way. */
  get kept(): Readonly<Record<'routes' | 'locating' | 'watchedCalls', number>> {
    return { routes: this.routes.size, locating: this.held.size, watchedCalls: this.sent.watched };
  }

  /**
   * How a new call of the actor must go: by the route of those before it, or, when it is held, not now. Undefined when it may go
   * wherever its actor is.
   */
  routeOf(call: Call): Pick<RouteInUse, 'location' | 'connection'> | 'held' | undefined {
    return this.holds(call) ? 'held' : this.routes.get(call.target.path);
  }

  /** Takes the call to those of its actor that are held, in its order, be it new or one that has come back. False when there are none. */
  holds(call: Call): boolean {
    return this.held.join(call);
  }

  /** Holds the call, and those that join it, until the place of their actor is found. */
  hold(call: Call, { find, send }: Departure): void {
    const { target } = call;
    this.held.waitFor(target.path, [call], begun(find, call), send);
  }

  /** Where calls of the actor are under way to. */
  locationOf(path: string): Location | undefined {
    return this.routes.get(path)?.location;
  }

  /** The call was sent. */
  onSent(call: Call, location: Location, connection: PacketConnection): void {
    this.routes.begin(call, location, connection);
  }

  /** No answer is expected any more from where the call was sent. */
  onGone(call: Call): void {
    this.routes.end(call);
    this.sent.noteGone(call);
  }

  /**
   * A call of the actor was rejected, and so are those that were sent behind it by the same connection. They come back one
   * after the other; until all are here, those that are made meanwhile are held, so that each is sent on in its order. What was
   * sent before it and has no answer has begun.
   * @param waiting the calls that wait for answers from there, as they were sent.
   */
  onRejected({ correlation, target }: RejectionNotice, waiting: readonly Call[], { find, send }: Departure): void {
    if (this.held.has(target)) return;
    const ofActor = waiting.filter((call) => call.target.path === target);
    const wanted = ofActor[0]?.request.classVersion;
    const sentAfter = ofActor.slice(ofActor.findIndex((call) => call.correlation === correlation) + 1);
    this.held.waitFor(
      target,
      [],
      this.sent.whenGone(sentAfter).then(() => find(ActorId.parse(target), wanted)),
      send,
    );
  }
}

/** Whoever looks for actors may be anybody's, and throw where it is to reject. */
function begun(find: Departure['find'], { target, request }: Call): Promise<Location> {
  try {
    return find(target, request.classVersion);
  } catch (error) {
    return Promise.reject(error);
  }
}
