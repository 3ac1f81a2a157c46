import type { ActorId } from '../identity/actor-id';
import type { ReplyPort } from './reply-port';

/** The turn in which a call is made: what the call inherits from it. */
export interface CallScope {
  /** The deadline of the turn, by this node's monotonic clock. */
  readonly deadline: number;
  /** The paths of the actors that wait for this turn, the first caller first, the actor of the turn last. */
  readonly chain: readonly string[];
}

/** A call on its way to an actor. */
export interface Request {
  readonly target: ActorId;
  readonly method: string;
  /** The arguments, which are the receiver's own. */
  readonly args: readonly unknown[];
  /** By this node's monotonic clock; no turn starts after it. */
  readonly deadline: number;
  readonly chain: readonly string[];
  /** For the history: unique in the cluster. */
  readonly call: string;
  /** True when the caller waits no more: then no turn is started. */
  readonly abandoned: boolean;
  /** Set when the turn starts: from then on the call may have been executed. */
  started: boolean;
  readonly reply: ReplyPort;
}

/** Takes the requests that arrive at this node; the catalog of activations is one. */
export interface RequestReceiver {
  /** True when an activation of the actor lives here. */
  has(path: string): boolean;
  /** Runs the request sooner or later, or answers through its reply port why not. Never throws. */
  receive(request: Request): void;
}

/** The place at which the receiver of requests is found; it cuts the circle of bus, catalog and references. */
export class DeliveryPort {
  private receiver: RequestReceiver | undefined;

  connect(receiver: RequestReceiver): void {
    this.receiver = receiver;
  }

  has(path: string): boolean {
    return this.receiver?.has(path) ?? false;
  }

  deliver(request: Request): void {
    if (this.receiver !== undefined) this.receiver.receive(request);
    else request.reply.reject({ why: 'the node hosts no actors' });
  }
}
