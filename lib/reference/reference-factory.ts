import type { ActorClass, ActorReference } from '../actor/actor-reference';
import type { ReferenceSource } from '../actor/reference-source';
import { MoonpoolError } from '../errors/moonpool-error';
import { ActorId } from '../identity/actor-id';
import type { MessageBus } from '../messaging/message-bus';
import type { CallScope } from '../messaging/request';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { ActorReferenceBase, SenderBase, TrySenderBase, type ReferenceBinding, type ReferenceType } from './actor-reference-base';

/** Makes typed references to actors of the classes that this process knows. */
export class ReferenceFactory implements ReferenceSource<CallScope> {
  private readonly types = new Map<ActorClass, { readonly descriptor: ActorDescriptor; readonly type: ReferenceType }>();

  constructor(
    private readonly namespace: string,
    private readonly bus: MessageBus,
    descriptors: Iterable<ActorDescriptor>,
  ) {
    for (const descriptor of descriptors) this.types.set(descriptor.type, { descriptor, type: referenceType(descriptor) });
  }

  reference<T extends object>(actorClass: ActorClass<T>, key: string | undefined, scope: () => CallScope | undefined): ActorReference<T> {
    const known = this.types.get(actorClass);
    if (known === undefined) {
      throw new MoonpoolError('UNKNOWN_ACTOR', {
        message: `The class ${actorClass?.name ?? String(actorClass)} is not among the actors of this runtime`,
        remedy: 'Add the class to `actors` where the runtime is started or connected.',
      });
    }
    const id = ActorId.of(this.namespace, known.descriptor.name, key);
    const binding: ReferenceBinding = { bus: this.bus, id, scope, isObserver: known.descriptor.options.observes === true };
    return new known.type.references(binding, known.type) as unknown as ActorReference<T>;
  }
}

/** Classes with one method for each handler, so that a call is a plain method call. */
function referenceType(descriptor: ActorDescriptor): ReferenceType {
  const references = class extends ActorReferenceBase {};
  const senders = class extends SenderBase {};
  const trySenders = class extends TrySenderBase {};
  for (const handler of descriptor.handlers.values()) {
    define(references, handler.method, function (this: { $call: ActorReferenceBase['$call'] }, ...args: unknown[]) {
      return this.$call(handler, args);
    });
    define(senders, handler.method, function (this: { $call: SenderBase['$call'] }, ...args: unknown[]) {
      this.$call(handler, args);
    });
    define(trySenders, handler.method, function (this: { $call: TrySenderBase['$call'] }, ...args: unknown[]) {
      return this.$call(handler, args);
    });
  }
  Object.defineProperty(references, 'name', { value: `${descriptor.type.name}Reference` });
  return { references, senders, trySenders };
}

function define(type: { prototype: object }, name: string, value: unknown): void {
  Object.defineProperty(type.prototype, name, { value, configurable: true, writable: true });
}
