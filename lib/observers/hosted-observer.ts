import type { ActorId } from '../identity/actor-id';
import type { Request } from '../calls/request';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { NOTHING_DURABLE } from '../turns/nothing-durable';
import type { Turn } from '../turns/turn';
import type { RunQueue } from '../scheduling/run-queue';
import { looseScope } from '../turns/turn-tracker';
import { TurnLoop } from '../turns/turn-loop';
import type { TurnLoopOwner, TurnLoopParts } from '../turns/turn-owner';

/** An object of this process that actors call: it has turns as an actor has, one at a time, and no life of its own. */
export class HostedObserver implements TurnLoopOwner {
  readonly id: string;
  readonly durable = NOTHING_DURABLE;
  readonly isActive = true;
  readonly runQueue: RunQueue;
  readonly isEnding = false;
  /** Learns when it observes no more. Set by its owner. */
  onEnded: () => void = () => undefined;
  readonly loop: TurnLoop;

  constructor(
    readonly target: ActorId,
    readonly descriptor: ActorDescriptor,
    readonly instance: object,
    capacity: number,
    private readonly parts: TurnLoopParts,
  ) {
    this.id = `${descriptor.addressing.activationPrefix}${target.path}`;
    this.runQueue = parts.runQueue;
    this.loop = new TurnLoop(this, capacity, parts);
  }

  receive(request: Request): void {
    // It calls by what it was given as it does by what its process has.
    request.references?.bindTo(looseScope);
    this.loop.receive(request);
  }

  /** Nobody observes any more: calls that wait are answered with the error. */
  end(error: unknown): void {
    this.loop.failAll(error);
    this.onEnded();
  }

  onTurnEnded(turn: Turn): void {
    this.loop.end(turn);
    this.parts.runQueue.submit(this.loop);
  }

  onUnserved(): void {
    // The process may always serve what is its own.
  }

  onQuiet(): void {
    // It stays until its owner ends it.
  }
}
