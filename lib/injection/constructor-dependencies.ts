import 'reflect-metadata';
import { Token, type Constructor, type ServiceIdentifier } from './token';

const INJECTIONS = Symbol('moonpool:injections');

type Injections = Map<number, ServiceIdentifier<unknown>>;

/** Notes that a parameter of a constructor is to receive the service; this is what `@inject` does. */
export function noteInjection(type: object, parameter: number, identifier: ServiceIdentifier<unknown>): void {
  const own = Reflect.getOwnMetadata(INJECTIONS, type) as Injections | undefined;
  const injections: Injections = own ?? new Map();
  injections.set(parameter, identifier);
  if (own === undefined) Reflect.defineMetadata(INJECTIONS, injections, type);
}

/**
 * What a class needs to be constructed, parameter by parameter. A subclass without a constructor of its own inherits
 * what its base class declared. Where `@inject` is absent the type that the compiler emitted serves, when it is a class;
 * `undefined` marks a parameter of which nothing is known.
 */
export function constructorDependencies(
  type: Constructor<unknown>,
): readonly (ServiceIdentifier<unknown> | undefined)[] {
  const declaring = declaringClass(type);
  const injections = Reflect.getOwnMetadata(INJECTIONS, declaring) as Injections | undefined;
  const emitted = Reflect.getOwnMetadata('design:paramtypes', declaring) as readonly unknown[] | undefined;
  const highestInjected = Math.max(-1, ...(injections?.keys() ?? []));
  const count = Math.max(declaring.length, emitted?.length ?? 0, highestInjected + 1);
  return Array.from({ length: count }, (_, index) => injections?.get(index) ?? asIdentifier(emitted?.[index]));
}

/** Under which key tsyringe keeps what its own `@inject` notes. */
const OF_TSYRINGE = 'injectionTokens';

/** Whether the parameter has the decorator of the same name of tsyringe, which nobody here reads. */
export function isInjectedByTsyringe(type: Constructor<unknown>, parameter: number): boolean {
  const noted = Reflect.getOwnMetadata(OF_TSYRINGE, declaringClass(type)) as
    | Readonly<Record<string, unknown>>
    | undefined;
  return noted?.[parameter] !== undefined;
}

/** The nearest class, from the class upwards, that notes or emits anything about its constructor. */
function declaringClass(type: Constructor<unknown>): Constructor<unknown> {
  for (let at: unknown = type; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    const declares = Reflect.hasOwnMetadata(INJECTIONS, at) || Reflect.hasOwnMetadata('design:paramtypes', at);
    if (declares || at.length > 0) return at as Constructor<unknown>;
  }
  return type;
}

const PLAIN_TYPES: ReadonlySet<unknown> = new Set([
  Object,
  String,
  Number,
  Boolean,
  Array,
  Function,
  Promise,
  Symbol,
  BigInt,
]);

function asIdentifier(emitted: unknown): ServiceIdentifier<unknown> | undefined {
  if (emitted instanceof Token) return emitted;
  return typeof emitted === 'function' && !PLAIN_TYPES.has(emitted) ? (emitted as Constructor<unknown>) : undefined;
}
