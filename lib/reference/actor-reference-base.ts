import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { type CarriedActor, CarriedReference } from '../actor/carried-reference';
import { CALL_OPTIONS, type CallOptions, type EveryCallOption } from '../actor/call-options';
import { DELIVER_OPTIONS, type DeliverOptions } from '../actor/deliver-options';
import type { MessageDeliveries } from '../deliveries/message-deliveries';
import { mandatory, text } from '../options/option-kind';
import { checkArguments, given } from '../options/option-table';
import type { ActorId } from '../identity/actor-id';
import type { CallTarget } from '../calls/invocation';
import type { MessageBus } from '../messaging/message-bus';
import type { CallScope } from '../calls/request';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import { unserializable } from '../serialization/value-limits';
import type { LocalNode } from '../identity/local-node';

const ADDRESS = mandatory(text('the address of a node'));
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** What a reference is bound to. */
export interface ReferenceBinding extends CallTarget {
  readonly bus: MessageBus;
  /** Where messages go that must arrive. */
  readonly deliveries: Pick<MessageDeliveries, 'deliver'>;
  /** The process that the reference was made in. */
  readonly local: LocalNode;
  readonly scope: () => CallScope | undefined;
  readonly options: CallOptions | undefined;
}

/** The class of references to actors of one class, and of their one-way counterparts. */
export interface ReferenceType {
  readonly references: new (binding: ReferenceBinding, type: ReferenceType) => ActorReferenceBase;
  readonly senders: new (binding: ReferenceBinding) => SenderBase;
  readonly trySenders: new (binding: ReferenceBinding) => TrySenderBase;
  readonly deliverers: new (binding: ReferenceBinding, type: ReferenceType, options: DeliverOptions) => DelivererBase;
}

/**
 * What all references have: the controls behind `$`. The methods of the actor are put on a subclass made from its table
 * of handlers; no proxy is used, for a proxy with a `then` would make a promise that returns it wait for ever.
 */
export class ActorReferenceBase extends CarriedReference {
  readonly #binding: ReferenceBinding;
  readonly #type: ReferenceType;

  constructor(binding: ReferenceBinding, type: ReferenceType) {
    super();
    this.#binding = binding;
    this.#type = type;
  }

  get $id(): ActorId {
    return this.#binding.id;
  }

  get $send(): SenderBase {
    return new this.#type.senders(this.#binding);
  }

  get $trySend(): TrySenderBase {
    return new this.#type.trySenders(this.#binding);
  }

  get $deliver(): DelivererBase {
    return new this.#type.deliverers(this.#binding, this.#type, {});
  }

  $with(options: CallOptions): ActorReferenceBase {
    requireReference(this, '$with');
    if (!CALL_OPTIONS.admits(options)) CALL_OPTIONS.check(`$with of ${this.$id.path}`, options);
    const { timeoutMs, signal, idempotencyKey } = options;
    const before = this.#binding.options;
    const context = options.context === undefined ? before?.context : { ...before?.context, ...options.context };
    const merged: EveryCallOption = {
      timeoutMs: timeoutMs ?? before?.timeoutMs,
      signal: signal ?? before?.signal,
      context,
      idempotencyKey: idempotencyKey ?? before?.idempotencyKey,
    };
    return new this.#type.references({ ...this.#binding, options: merged }, this.#type);
  }

  $on(address: string): ActorReferenceBase {
    requireReference(this, '$on');
    if (!this.#binding.addressing.isByAddress) {
      throw new MoonpoolError('INVALID_OPTION', {
        message: `$on(${JSON.stringify(address)}) was called on the virtual actor ${this.$id.path}, which has one place in the cluster`,
        remedy: 'Use $on with a reference that was made without a key.',
      });
    }
    // Without one the actor of this very node would be called.
    checkArguments(`$on of ${this.$id.path}`, { address: [ADDRESS, address] });
    return new this.#type.references({ ...this.#binding, address }, this.#type);
  }

  override get $carried(): CarriedActor {
    const { id, addressing } = this.#binding;
    if (!addressing.isByAddress) return { id, address: undefined };
    const address = this.#binding.address ?? this.#binding.local.address;
    if (address === '')
      throw unserializable(
        `a reference to the static actor ${id.path} of a process that hosts none: say which node with $on`,
      );
    return { id, address };
  }

  override $unbound(): ActorReferenceBase {
    return new this.#type.references({ ...this.#binding, options: undefined, scope: outsideOfTurns }, this.#type);
  }

  override toString(): string {
    const { id, address } = this.#binding;
    return `ActorReference(${id.path}${address === undefined ? '' : `@${address}`})`;
  }

  /** For logs: JSON that people write has no references. */
  toJSON(): string {
    return this.toString();
  }

  /** What `util.inspect` and `console.log` print. */
  [INSPECT](): string {
    return this.toString();
  }

  /** Refuses the call of a method that is no handler. */
  $refuse(method: string, error: MoonpoolError): Promise<never> {
    const { bus, scope } = this.#binding;
    return bus.left.refused(error, { target: this.#binding, handler: { method }, scope: scope() });
  }

  /** Calls the handler; the generated methods come here. */
  $call(handler: HandlerDescriptor, args: readonly unknown[]): Promise<unknown> {
    const { bus, options, scope } = this.#binding;
    return bus.call({ target: this.#binding, handler, args, options, scope: scope() });
  }
}

/** What all one-way counterparts of references have. */
export class SenderBase extends CarriedReference {
  readonly #binding: ReferenceBinding;

  constructor(binding: ReferenceBinding) {
    super();
    this.#binding = binding;
  }

  override get $carried(): CarriedActor {
    throw noReference('$send', this.#binding);
  }

  override $unbound(): never {
    throw noReference('$send', this.#binding);
  }

  /** Sends to the handler; the generated methods come here. */
  $call(handler: HandlerDescriptor, args: readonly unknown[]): void {
    const { bus, options, scope } = this.#binding;
    bus.send({ target: this.#binding, handler, args, options, scope: scope() });
  }
}

/** What all counterparts of references have that wait for room. */
export class TrySenderBase extends CarriedReference {
  readonly #binding: ReferenceBinding;

  constructor(binding: ReferenceBinding) {
    super();
    this.#binding = binding;
  }

  override get $carried(): CarriedActor {
    throw noReference('$trySend', this.#binding);
  }

  override $unbound(): never {
    throw noReference('$trySend', this.#binding);
  }

  /** Sends to the handler; the generated methods come here. */
  $call(handler: HandlerDescriptor, args: readonly unknown[]): Promise<void> {
    const { bus, options, scope } = this.#binding;
    const invocation = { target: this.#binding, handler, args, options, scope: scope() };
    return bus.left.watch(bus.trySend(invocation), invocation);
  }
}

/** What all counterparts of references have whose messages must arrive. */
export class DelivererBase extends CarriedReference {
  readonly #binding: ReferenceBinding;
  readonly #type: ReferenceType;
  readonly #options: DeliverOptions;

  constructor(binding: ReferenceBinding, type: ReferenceType, options: DeliverOptions) {
    super();
    this.#binding = binding;
    this.#type = type;
    this.#options = options;
  }

  $with(options: DeliverOptions): DelivererBase {
    if (!(this instanceof DelivererBase)) throw detachedMethod('$with', 'an actor');
    DELIVER_OPTIONS.check(`$deliver.$with of ${this.#binding.id.path}`, options);
    const context = { ...this.#options.context, ...options.context };
    return new this.#type.deliverers(this.#binding, this.#type, { ...this.#options, ...given(options), context });
  }

  override get $carried(): CarriedActor {
    throw noReference('$deliver', this.#binding);
  }

  override $unbound(): never {
    throw noReference('$deliver', this.#binding);
  }

  /** Delivers to the handler; the generated methods come here. */
  $call(handler: HandlerDescriptor, args: readonly unknown[]): Promise<void> {
    const { bus, deliveries, options, scope } = this.#binding;
    const { context } = this.#options;
    const said = context === undefined ? options : { ...options, context: { ...options?.context, ...context } };
    const invocation = { target: this.#binding, handler, args, options: said, scope: scope() };
    const key = options?.idempotencyKey;
    const taken =
      key === undefined
        ? deliveries.deliver(invocation, this.#options)
        : Promise.reject(keyedDelivery(this.#binding, key));
    return bus.left.watch(taken, invocation);
  }
}

/** @throws MoonpoolError DETACHED_METHOD for a control that was taken from its reference. */
function requireReference(reference: unknown, control: string): void {
  if (!(reference instanceof ActorReferenceBase)) throw detachedMethod(control, 'an actor');
}

/** The key of a call is remembered with its answer; a message has a name of its own, and would be delivered once for each time it was given. */
function keyedDelivery({ id }: ReferenceBinding, key: string): MoonpoolError {
  return new MoonpoolError('INVALID_OPTION', {
    message: `A message to ${id.path} was given with $deliver by a reference that has the idempotency key ${describeValue(key)}, which is for calls`,
    remedy:
      'Name the message: $deliver.$with({ id }); while one of its name waits there is no second one. Or call with the key, and await the answer.',
  });
}

const outsideOfTurns = () => undefined;

function noReference(control: string, { id }: ReferenceBinding): Error {
  return unserializable(`the ${control} of a reference to ${id.path}: pass the reference itself`);
}

/** What a call of a method gets that is no handler. */
export function noHandler(method: string, className: string, path: string, handlers: readonly string[]): MoonpoolError {
  return new MoonpoolError('UNKNOWN_HANDLER', {
    message: `The method ${method} of ${className} was called for ${path}, but is not marked with @Handler, so that only the actor itself can call it`,
    remedy: `Mark it with @Handler(), or call one of those that are: ${handlers.join(', ')}.`,
  });
}

/** What a method gets that was taken from its reference, as by `const { deposit } = alice`. */
export function detachedMethod(method: string, className: string): MoonpoolError {
  return new MoonpoolError('DETACHED_METHOD', {
    message: `The method ${method} of a reference to ${className} was called without the reference, so that nobody knows whom it is for`,
    remedy: `Call it on the reference, as in reference.${method}(...), or pass a function that does: (...args) => reference.${method}(...args).`,
  });
}
