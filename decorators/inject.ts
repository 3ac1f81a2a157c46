import { noteInjection } from '../lib/injection/constructor-dependencies';
import type { ServiceIdentifier } from '../lib/injection/token';

/** Names the service that a parameter of a constructor receives from the node's container. */
export function inject(identifier: ServiceIdentifier<unknown>): ParameterDecorator {
  return (type, _method, parameter) => noteInjection(type, parameter, identifier);
}
