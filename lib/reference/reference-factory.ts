import type { ActorClass, ActorReference } from '../actor/actor-reference';
import type { CarriedActor } from '../actor/carried-reference';
import type { ReferenceSource } from '../actor/reference-source';
import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';
import { ActorId } from '../identity/actor-id';
import type { MessageBus } from '../messaging/message-bus';
import type { ReferencePort } from '../calls/reference-port';
import type { CallScope } from '../calls/request';
import { keyGiven, kindMistake } from '../metadata/actor-kind';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { LocalNode } from '../handshake/local-node';
import { ActorReferenceBase, SenderBase, TrySenderBase, type ReferenceBinding, type ReferenceType } from './actor-reference-base';

/** An actor class and the class of the references to its actors. */
interface KnownType {
  readonly descriptor: ActorDescriptor;
  readonly type: ReferenceType;
}

/** Makes typed references to actors of the classes that this process knows. */
export class ReferenceFactory implements ReferenceSource<CallScope> {
  private readonly types = new Map<ActorClass, KnownType>();
  private readonly byName = new Map<string, KnownType>();

  constructor(
    private readonly local: LocalNode,
    private readonly bus: MessageBus,
    port: ReferencePort,
    descriptors: Iterable<ActorDescriptor>,
  ) {
    for (const descriptor of descriptors) {
      const known = { descriptor, type: referenceType(descriptor) };
      this.types.set(descriptor.type, known);
      this.byName.set(descriptor.name, known);
    }
    port.connect(this);
  }

  reference<T extends object>(actorClass: ActorClass<T>, keys: readonly unknown[], scope: () => CallScope | undefined): ActorReference<T> {
    const known = this.types.get(actorClass);
    if (known === undefined) {
      throw new MoonpoolError('UNKNOWN_ACTOR', {
        message: `The class ${actorClass?.name ?? String(actorClass)} is not among the actors of this runtime${this.hint(actorClass?.name)}`,
        remedy: 'Add the class to `actors` where the runtime is started or connected.',
      });
    }
    const id = ActorId.of(this.local.cluster, known.descriptor.name, keyGiven(known.descriptor, keys));
    const binding: ReferenceBinding = { bus: this.bus, local: this.local, id, scope, ...kindOf(known.descriptor), address: undefined };
    return new known.type.references(binding, known.type) as unknown as ActorReference<T>;
  }

  received({ id, address }: CarriedActor, scope: () => CallScope | undefined): ActorReferenceBase {
    const known = this.byName.get(id.type);
    if (known === undefined || id.namespace !== this.local.cluster || known.descriptor.isStatic !== id.isStatic) {
      const why =
        known === undefined
          ? `it does not know the actor type '${id.type}'${this.hint(id.type)}`
          : id.namespace !== this.local.cluster
            ? `its actors are those of '${this.local.cluster}'`
            : kindMistake(known.descriptor, id);
      throw new MoonpoolError('UNKNOWN_REFERENCE', { message: `A value holds a reference to ${id.path}, which ${this.local.toString()} cannot use: ${why}` });
    }
    const binding: ReferenceBinding = { bus: this.bus, local: this.local, id, scope, ...kindOf(known.descriptor), address };
    return new known.type.references(binding, known.type);
  }

  private hint(name: string | undefined): string {
    const names = [...this.types.keys()].map((type) => type.name);
    const meant = name === undefined ? undefined : nearestName(name, [...this.byName.keys(), ...names]);
    return meant === undefined || meant === name ? '' : `; did you mean '${meant}'?`;
  }
}

function kindOf({ options, maxPerNode }: ActorDescriptor): { readonly isObserver: boolean; readonly isWorker: boolean } {
  return { isObserver: options.observes === true, isWorker: maxPerNode !== undefined };
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
