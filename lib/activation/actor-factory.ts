import { ActorContext } from '../actor/actor-context';
import type { ServiceIdentifier } from '../injection/token';
import type { ActorDescriptor } from '../metadata/actor-descriptor';

/** Constructs the actors of one class. */
export interface ActorFactory {
  /** False when no constructor of the class asks for its context, so that none need be made. */
  readonly wantsContext: boolean;
  /** @param context of the activation, if it is wanted. */
  construct(context: ActorContext | undefined): object;
}

/**
 * How actors of a class are constructed, worked out once: what they need of their node is resolved here, so that an
 * activation costs one call of the constructor and no search.
 * @param resolve finds a service of the node.
 */
export function planActorFactory(
  { type, dependencies }: Pick<ActorDescriptor, 'type' | 'dependencies'>,
  resolve: (identifier: ServiceIdentifier<unknown>) => unknown,
): ActorFactory {
  const constructor = type as unknown as new (...dependencies: unknown[]) => object;
  if (dependencies.length === 0) return { wantsContext: false, construct: () => new constructor() };
  const isContext = dependencies.map((dependency) => dependency === ActorContext);
  const services = dependencies.map((dependency) => (dependency === ActorContext ? undefined : resolve(dependency)));
  return {
    wantsContext: isContext.includes(true),
    construct: (context) =>
      new constructor(...services.map((service, index) => (isContext[index] === true ? context : service))),
  };
}
