import { ActorContext } from '../actor/actor-context';
import type { ServiceIdentifier } from '../injection/token';
import type { ActorDescriptor } from '../metadata/actor-descriptor';

/** Constructs an actor of one class for an activation with this context. */
export type ActorFactory = (context: ActorContext) => object;

/**
 * How actors of a class are constructed, worked out once: what they need of their node is resolved here, so that an
 * activation costs one call of the constructor and no search.
 * @param resolve finds a service of the node.
 */
export function planActorFactory(
  descriptor: ActorDescriptor,
  resolve: (identifier: ServiceIdentifier<unknown>) => unknown,
): ActorFactory {
  const construct = descriptor.type as unknown as new (...dependencies: unknown[]) => object;
  const isContext = descriptor.dependencies.map((dependency) => dependency === ActorContext);
  const services = descriptor.dependencies.map((dependency) =>
    dependency === ActorContext ? undefined : resolve(dependency),
  );
  return (context) =>
    new construct(...services.map((service, index) => (isContext[index] === true ? context : service)));
}
