import type { CallOptions } from '../actor/call-options';
import type { Addressing } from '../addressing/addressing';
import type { ActorId } from '../identity/actor-id';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import type { CallScope } from './request';

/** Who is called: what a reference knows. */
export interface CallTarget {
  readonly id: ActorId;
  /** The node that is meant, where the kind of actor is called by address; undefined for this one. */
  readonly address: string | undefined;
  readonly addressing: Addressing;
  /** The turn in which the reference is used; references in answers are bound to it. */
  readonly scope?: () => CallScope | undefined;
}

/** A call that somebody wants to make, from its reference to the bus, and as filters leave it. */
export interface Invocation {
  readonly target: CallTarget;
  readonly handler: HandlerDescriptor;
  /** Still the caller's own. */
  readonly args: readonly unknown[];
  readonly options: CallOptions | undefined;
  /** The turn in which it is made, and whose deadline and chain it inherits. */
  readonly scope: CallScope | undefined;
  /** Of a call that is repeated under its key: asked after each attempt that failed. Default: it is, until its time is over. */
  readonly isWorthRepeating?: () => boolean;
  /** The key of the delivery that is brought by it: this process makes the call by itself, and no caller waits for it. */
  readonly delivery?: string;
}

/**
 * What the sender hears. `answer`: what the handler has answered. `arrival`: that the actor's mailbox has taken the message.
 * `nothing`: not even an error.
 */
export type Expectation = 'answer' | 'arrival' | 'nothing';

/** The call, for messages. */
export function describeInvocation({ target, handler }: Pick<Invocation, 'target' | 'handler'>): string {
  return `The call ${handler.method} of ${target.id.path}`;
}

/** How long the call may take by its own account, in milliseconds; the turn that waits for it may allow less. */
export function timeLimitOf({ options, handler }: Pick<Invocation, 'options' | 'handler'>, defaultMs: number): number {
  return options?.timeoutMs ?? handler.options.timeoutMs ?? defaultMs;
}
