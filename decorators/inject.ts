import { MoonpoolError } from '../lib/errors/moonpool-error';
import { noteInjection } from '../lib/injection/constructor-dependencies';
import type { ServiceIdentifier } from '../lib/injection/token';

/** A plugin of Babel for parameters calls their decorators before the class is made, of a class that has decorators itself. */
function noClassYet(): MoonpoolError {
  return new MoonpoolError('INVALID_ACTOR_CLASSES', {
    message: 'The compiler called @inject without the class whose constructor it stands in',
    remedy:
      'With Babel, use babel-plugin-transform-typescript-metadata and not babel-plugin-parameter-decorator: see the page on compilers.',
  });
}

/** Names the service that a parameter of a constructor receives from the node's container. @throws MoonpoolError INVALID_ACTOR_CLASSES on a parameter of anything else */
export function inject(identifier: ServiceIdentifier<unknown>): ParameterDecorator {
  return (type, method, parameter) => {
    if (typeof type !== 'function' && typeof (type as unknown) !== 'object') throw noClassYet();
    if (method === undefined) return noteInjection(type, parameter, identifier);
    const owner = typeof type === 'function' ? type.name : type.constructor.name;
    throw new MoonpoolError('INVALID_ACTOR_CLASSES', {
      message: `@inject stands on parameter ${parameter + 1} of ${String(method)} of ${owner}, which nobody would give the service: arguments come from whoever calls`,
      remedy: 'Take it in the constructor, and keep it in a field.',
    });
  };
}
