import { MoonpoolError } from '../errors/moonpool-error';
import type { Binding } from './binding';
import type { ContainerModule } from './container-module';
import { loadModule, type LoadedModule } from './module-load';
import { identifierName, Token, type ServiceIdentifier } from './token';

/**
 * One service of a module, with all that the module makes it of, under tokens of its own: so that a container can have what
 * two modules bind to one token. What else the module binds or contributes is left out, and so is never made.
 * @param as the token under which the service is asked for. @param whose stands behind the names of the other tokens, in messages.
 */
export function excerptOf<T>(
  module: ContainerModule,
  wanted: ServiceIdentifier<T>,
  as: Token<T>,
  whose: string,
): LoadedModule {
  const { bindings, mistakes } = loadModule(module);
  const byIdentifier = new Map(bindings.map((binding) => [binding.identifier, binding]));
  const own = new Map<ServiceIdentifier<unknown>, Token<unknown>>();
  const taken: Binding[] = [];
  const take = (binding: Binding, identifier: Token<unknown>): void => {
    own.set(binding.identifier, identifier);
    for (const dependency of binding.dependencies) {
      const found = dependency === undefined ? undefined : byIdentifier.get(dependency);
      if (found === undefined || own.has(found.identifier)) continue;
      take(found, new Token(`${identifierName(found.identifier)} of ${whose}`));
    }
    taken.push({ ...binding, identifier });
  };
  const first = byIdentifier.get(wanted);
  if (first === undefined) {
    const message = `The module ${module.name} binds no ${identifierName(wanted)}, and ${whose} is to be made of it`;
    return {
      bindings: [],
      contributions: [],
      mistakes: [...mistakes, new MoonpoolError('INVALID_MODULE', { message })],
    };
  }
  take(first, as as Token<unknown>);
  const renamed = taken.map((binding) => ({
    ...binding,
    dependencies: binding.dependencies.map((dependency) =>
      dependency === undefined ? undefined : (own.get(dependency) ?? dependency),
    ),
  }));
  return { bindings: renamed, contributions: [], mistakes };
}
