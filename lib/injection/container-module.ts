import { describeValue } from '../errors/describe-value';
import type { OptionKind } from '../options/option-kind';
import { wrongOption } from '../options/option-mistake';
import type { Constructor, ServiceIdentifier } from './token';

/**
 * A named group of bindings: the unit of configuration. Of two modules that bind one token, the later one in the list
 * wins; a test replaces the real world by listing the simulated one last.
 */
export interface ContainerModule {
  readonly name: string;
  load(bind: Bind): void;
}

/** Begins a binding: `bind(Token).toValue(value)`. */
export type Bind = <T>(identifier: ServiceIdentifier<T>) => BindingTarget<T>;

/** The services that a list of identifiers stands for. */
export type Resolved<D extends readonly ServiceIdentifier<unknown>[]> = {
  readonly [K in keyof D]: D[K] extends ServiceIdentifier<infer T> ? T : never;
};

/**
 * What an identifier is bound to. Each node makes its own instance, once. An object that the container made and that has
 * a method `start` or `stop` takes part in the life of its node: started after what it depends on, stopped before it.
 */
export interface BindingTarget<T> {
  /** The value itself; the container neither starts nor stops it. */
  toValue(value: T): void;
  /** What the function makes of the dependencies. */
  toFactory<const D extends readonly ServiceIdentifier<unknown>[]>(
    dependencies: D,
    create: (...resolved: Resolved<D>) => T,
  ): void;
  /** An instance of the class; its constructor's dependencies are named by `@inject`. */
  toClass(type: Constructor<T>): void;
}

/** An object of a node that begins and ends its work with the node. */
export interface NodePart {
  start?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}

/** What may stand in a list of modules: a function in place of what it returns is the commonest mistake. */
export const containerModule: OptionKind<ContainerModule> = {
  wanted: 'a container module { name, load(bind) }',
  mistakesIn: (value, place) => {
    const { name, load } = (value ?? {}) as Partial<Record<keyof ContainerModule, unknown>>;
    if (typeof value === 'object' && typeof name === 'string' && name !== '' && typeof load === 'function') return [];
    const mistake = wrongOption(place, containerModule.wanted, value);
    if (typeof value !== 'function') return [mistake];
    return [{ ...mistake, remedy: `List what ${describeValue(value)} returns: ${value.name || 'module'}().` }];
  },
};
