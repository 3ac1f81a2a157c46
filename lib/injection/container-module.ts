import { describeValue } from '../errors/describe-value';
import type { NodeRole } from '../identity/local-node';
import type { OptionKind } from '../options/option-kind';
import { wrongOption } from '../options/option-mistake';
import type { ContributionList } from './contribution-list';
import type { Constructor, ServiceIdentifier } from './token';

/**
 * A named group of bindings and contributions: the unit of configuration, and of a feature. Of two modules that bind one
 * token, the later one in the list wins, so a test replaces the real world by listing the simulated one last. What modules
 * contribute to a list is all in it, in the order of the modules.
 */
export interface ContainerModule {
  /** For messages. */
  readonly name: string;
  /** The processes that it is for; others that are given it are refused with INVALID_MODULE. Default: nodes and clients. */
  readonly role?: NodeRole;
  /** Called once for each node that is given the module, before anything is made; it must not wait for anything. */
  load(bind: Bind, contribute: Contribute): void;
}

/** Begins a binding: `bind(Token).toValue(value)`. */
export type Bind = <T>(identifier: ServiceIdentifier<T>) => BindingTarget<T>;

/**
 * Adds to a list: `contribute(Filters.outgoing, filter)`, or, when it is made of other services,
 * `contribute(Filters.outgoing).toFactory({ logger: Logger }, ({ logger }) => filter)`.
 */
export interface Contribute {
  <T>(list: ContributionList<T>): BindingTarget<T>;
  <T>(list: ContributionList<T>, ...items: readonly T[]): void;
}

/** The identifiers of services, in a list or by the names that whoever uses them has for them. */
export type DependencyList = readonly ServiceIdentifier<unknown>[];
export type DependencyRecord = Readonly<Record<string, ServiceIdentifier<unknown>>>;

/** The services that a list or a record of identifiers stands for. */
export type Resolved<D extends DependencyList | DependencyRecord> = {
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
  toFactory<const D extends DependencyList>(dependencies: D, create: (...resolved: Resolved<D>) => T): void;
  /** The same with the dependencies by name: `toFactory({ time: TimeProvider }, ({ time }) => new Clock(time))`. */
  toFactory<const D extends DependencyRecord>(dependencies: D, create: (resolved: Resolved<D>) => T): void;
  /** An instance of a class whose constructor takes its parts by name: `toParts({ time: TimeProvider }, Clock)`. */
  toParts<const D extends DependencyRecord>(parts: D, type: new (parts: Resolved<D>) => T): void;
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
    const called = value.name || 'module';
    if (/^class\b/.test(Function.prototype.toString.call(value)))
      return [{ ...mistake, remedy: `List an object of the class: new ${called}().` }];
    return [{ ...mistake, remedy: `List what ${describeValue(value)} returns: ${called}().` }];
  },
};
