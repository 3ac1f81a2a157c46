import type { HookName } from '../actor/hooks';
import type { ActorId } from '../identity/actor-id';
import type { ReplyPort } from '../calls/reply-port';
import type { Request } from '../calls/request';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import { ownWork } from '../metadata/own-work';

const NOTHING: readonly never[] = [];

/** What of an actor runs in a turn of its own though nobody called it. */
export type Hook = 'constructor' | HookName;

/** What hooks are to their turns: they differ by name alone. */
const WORK: Readonly<Record<Hook, HandlerDescriptor>> = {
  constructor: workOf('constructor'),
  onActivate: workOf('onActivate'),
  onDeactivate: workOf('onDeactivate'),
  onDehydrate: workOf('onDehydrate'),
  onRehydrate: workOf('onRehydrate'),
};

function workOf(method: Hook): HandlerDescriptor {
  return ownWork(method, () => undefined);
}

/** What the turn of a hook serves: nobody's call, so that it has no chain above it, and nobody hears of its end. */
export class HookRequest implements Request, ReplyPort {
  readonly args = NOTHING;
  readonly chain = NOTHING;
  readonly values = undefined;
  readonly abandoned = false;
  readonly reply = this;
  readonly work: HandlerDescriptor;
  started = true;
  onCancelled: ((reason: unknown) => void) | undefined;

  /** @param deadline by the monotonic clock: calls made from the hook must have ended then. */
  constructor(
    readonly target: ActorId,
    readonly method: Hook,
    readonly deadline: number,
  ) {
    this.work = WORK[method];
  }

  get call(): string {
    return this.method;
  }

  value(): void {
    // Nobody waits for it.
  }

  error(): void {
    // Whoever runs the hook has the error.
  }

  refuse(): void {
    // It never waits.
  }

  reject(): void {
    // It never waits, so it is never given back.
  }
}
