import { HOOK_NAMES } from '../actor/hooks';
import type { ActorClass, ActorReference } from '../actor/actor-reference';
import type { CarriedActor } from '../actor/carried-reference';
import type { ReferenceSource } from '../actor/reference-source';
import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';
import { ActorId, actorScope, type ActorScope } from '../identity/actor-id';
import { isClass } from '../injection/token';
import type { ReferencePort } from '../calls/reference-port';
import type { CallScope } from '../calls/request';
import { keyGiven, kindMistake } from '../metadata/given-key';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { unmarkedMethods } from '../metadata/unmarked-methods';
import type { LocalNode } from '../identity/local-node';
import {
  ActorReferenceBase,
  DelivererBase,
  SenderBase,
  TrySenderBase,
  type ReferenceBinding,
  type ReferenceType,
  detachedMethod,
  noHandler,
} from './actor-reference-base';

/** An actor class and the class of the references to its actors. */
interface KnownType {
  readonly descriptor: ActorDescriptor;
  readonly type: ReferenceType;
  readonly scope: ActorScope;
}

/** Makes typed references to actors of the classes that this process knows. */
export class ReferenceFactory implements ReferenceSource<CallScope> {
  private readonly types = new Map<ActorClass, KnownType>();
  private readonly byName = new Map<string, KnownType>();

  constructor(
    private readonly local: LocalNode,
    private readonly ways: Pick<ReferenceBinding, 'bus' | 'deliveries'>,
    port: ReferencePort,
    descriptors: Iterable<ActorDescriptor>,
  ) {
    for (const descriptor of descriptors) {
      const scope = actorScope(local.cluster, descriptor.name);
      const known = { descriptor, type: referenceType(descriptor), scope };
      this.types.set(descriptor.type, known);
      this.byName.set(descriptor.name, known);
    }
    port.connect(this);
  }

  reference<T extends object>(
    actorClass: ActorClass<T>,
    keys: readonly unknown[],
    scope: () => CallScope | undefined,
  ): ActorReference<T> {
    const known = this.knownOf(actorClass);
    const id = ActorId.in(known.scope, keyGiven(known.descriptor, keys));
    return this.bound(known, { id, scope, address: undefined }) as unknown as ActorReference<T>;
  }

  received({ id, address }: CarriedActor, scope: () => CallScope | undefined): ActorReferenceBase {
    const known = this.byName.get(id.type);
    const mistake = known === undefined ? undefined : kindMistake(known.descriptor, id);
    if (known === undefined || id.namespace !== this.local.cluster || mistake !== undefined) {
      const why =
        known === undefined
          ? `it does not know the actor type '${id.type}'${this.hint(id.type)}`
          : id.namespace !== this.local.cluster
            ? `its actors are those of '${this.local.cluster}'`
            : mistake;
      throw new MoonpoolError('UNKNOWN_REFERENCE', {
        message: `A value holds a reference to ${id.path}, which ${this.local.toString()} cannot use: ${why}`,
      });
    }
    return this.bound(known, { id, scope, address });
  }

  private bound(
    { descriptor, type }: KnownType,
    { id, scope, address }: Pick<ReferenceBinding, 'id' | 'scope' | 'address'>,
  ): ActorReferenceBase {
    const { bus, deliveries } = this.ways;
    const { addressing } = descriptor;
    // Each field is named, for where another object is spread and fields are added, the engine gives each object a shape of
    // its own, and whatever reads from many of them becomes slow.
    const binding = { bus, deliveries, local: this.local, id, scope, addressing, address, options: undefined };
    return new type.references(binding, type);
  }

  /** What the paths of all actors of the class begin with that have a key. @throws MoonpoolError UNKNOWN_ACTOR */
  pathOf(actorClass: ActorClass): string {
    return `${this.local.cluster}/${this.knownOf(actorClass).descriptor.name}/`;
  }

  private knownOf(actorClass: ActorClass): KnownType {
    const known = this.types.get(actorClass);
    if (known !== undefined) return known;
    if (!isClass(actorClass)) throw noActorClass(actorClass);
    throw new MoonpoolError('UNKNOWN_ACTOR', {
      message: `The class ${actorClass.name} is not among the actors of this runtime${this.hint(actorClass.name)}`,
      remedy: 'Add the class to `actors` where the runtime is started or connected.',
    });
  }

  private hint(name: string | undefined): string {
    const names = [...this.types.keys()].map((type) => type.name);
    const meant = name === undefined ? undefined : nearestName(name, [...this.byName.keys(), ...names]);
    return meant === undefined || meant === name ? '' : `; did you mean '${meant}'?`;
  }
}

/** A name or an object stands where a class is wanted: only code without types, or with a cast, can do that. */
function noActorClass(given: unknown): MoonpoolError {
  return new MoonpoolError('UNKNOWN_ACTOR', {
    message: `${describeValue(given)} was given where the class of an actor is wanted`,
    remedy:
      typeof given === 'string'
        ? 'Give the class itself, as in `actor(Account, key)`, and not its name.'
        : 'Give the class itself, as in `actor(Account, key)`; where it is undefined, look for files that import each other in a circle.',
  });
}

/** Classes with one method for each handler, so that a call is a plain method call. */
function referenceType(descriptor: ActorDescriptor): ReferenceType {
  const references = class extends ActorReferenceBase {};
  const senders = class extends SenderBase {};
  const trySenders = class extends TrySenderBase {};
  const deliverers = class extends DelivererBase {};
  const className = descriptor.type.name;
  for (const handler of descriptor.handlers.values()) {
    const { method } = handler;
    define(references, method, function (this: Partial<ActorReferenceBase> | undefined, ...args: unknown[]) {
      return typeof this?.$call === 'function'
        ? this.$call(handler, args)
        : Promise.reject(detachedMethod(method, className));
    });
    define(senders, method, function (this: Partial<SenderBase> | undefined, ...args: unknown[]) {
      if (typeof this?.$call !== 'function') throw detachedMethod(method, className);
      this.$call(handler, args);
    });
    define(trySenders, method, function (this: Partial<TrySenderBase> | undefined, ...args: unknown[]) {
      return typeof this?.$call === 'function'
        ? this.$call(handler, args)
        : Promise.reject(detachedMethod(method, className));
    });
    define(deliverers, method, function (this: Partial<DelivererBase> | undefined, ...args: unknown[]) {
      return typeof this?.$call === 'function'
        ? this.$call(handler, args)
        : Promise.reject(detachedMethod(method, className));
    });
  }
  defineRefusals(descriptor, { references, senders, trySenders, deliverers });
  Object.defineProperty(references, 'name', { value: `${descriptor.type.name}Reference` });
  return { references, senders, trySenders, deliverers };
}

/** Methods of the class that are no handlers: a call of one says so, and does not end with 'is not a function'. */
function defineRefusals(
  { type, handlers }: ActorDescriptor,
  { references, senders, trySenders, deliverers }: ReferenceType,
): void {
  const known = [...handlers.keys()];
  for (const method of unmarkedMethods(type, (name) => HOOK_NAMES.has(name) || name in references.prototype)) {
    const refusal = (reference: unknown): MoonpoolError => noHandler(method, type.name, pathOf(reference), known);
    const reject = function (this: unknown): Promise<never> {
      const error = refusal(this);
      return this instanceof ActorReferenceBase ? this.$refuse(method, error) : Promise.reject(error);
    };
    define(references, method, reject);
    define(trySenders, method, reject);
    define(deliverers, method, reject);
    define(senders, method, function (this: unknown) {
      throw refusal(this);
    });
  }
}

/** Whom a reference or its one-way counterpart means, as far as that can be known. */
function pathOf(reference: unknown): string {
  return reference instanceof ActorReferenceBase ? reference.$id.path : 'an actor';
}

function define(type: { prototype: object }, name: string, value: unknown): void {
  Object.defineProperty(type.prototype, name, { value, configurable: true, writable: true });
}
