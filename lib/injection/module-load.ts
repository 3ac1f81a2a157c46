import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import type { Binding } from './binding';
import { constructorDependencies } from './constructor-dependencies';
import type {
  Bind,
  BindingTarget,
  ContainerModule,
  Contribute,
  DependencyList,
  DependencyRecord,
} from './container-module';
import { ContributionList } from './contribution-list';
import { identifierName, isClass, Token, type ServiceIdentifier } from './token';

/** What a module has said. */
export interface LoadedModule {
  readonly bindings: readonly Binding[];
  readonly contributions: readonly Contribution[];
  /** Everything that is wrong with the module itself. */
  readonly mistakes: readonly MoonpoolError[];
}

/** One item of a list: how it comes to be, and the value itself where that is known already. */
export interface Contribution {
  readonly list: ContributionList<unknown>;
  readonly binding: Binding;
  readonly value?: unknown;
}

/** How a service is made, as {@link BindingTarget} was told. */
interface Making {
  readonly dependencies: Binding['dependencies'];
  readonly made: boolean;
  readonly create: Binding['create'];
  readonly value?: unknown;
}

/** Has the module say what it binds and contributes, and looks at it; nothing is made. */
export function loadModule(module: ContainerModule): LoadedModule {
  const load = new ModuleLoad(module);
  load.run();
  return load;
}

class ModuleLoad implements LoadedModule {
  readonly bindings: Binding[] = [];
  readonly contributions: Contribution[] = [];
  readonly mistakes: MoonpoolError[] = [];
  private readonly bound = new Set<ServiceIdentifier<unknown>>();
  private isOver = false;

  constructor(private readonly module: ContainerModule) {}

  run(): void {
    const left: unknown = this.module.load(this.bind, this.contribute as Contribute);
    this.isOver = true;
    if (left instanceof Promise) {
      left.catch(() => undefined);
      this.mistaken('waits for something in load', 'Await it before the module is made, or in a startup task.');
    }
  }

  private readonly bind: Bind = <T>(identifier: ServiceIdentifier<T>): BindingTarget<T> =>
    targetOf<T>(
      (making) => this.addBinding(identifier, making),
      (what) => this.mistaken(`${what} as ${nameOf(identifier)}`, AS_MADE),
    );

  private readonly contribute = (
    list: ContributionList<unknown>,
    ...items: readonly unknown[]
  ): BindingTarget<unknown> => {
    const target = targetOf<unknown>(
      (making) => this.addContribution(list, making),
      (what) => this.mistaken(`${what} as one of ${nameOf(list)}`, AS_MADE),
    );
    for (const item of items) target.toValue(item);
    return target;
  };

  private addBinding(identifier: ServiceIdentifier<unknown>, making: Making): void {
    this.refuseLate();
    const { name } = this.module;
    if (identifier instanceof ContributionList)
      return this.mistaken(`binds the list ${identifier.name}`, 'Use `contribute` in place of `bind`.');
    if (!isIdentifier(identifier))
      return this.mistaken(`binds ${describeValue(identifier)}, which is no token and no class`, WHERE_TOKENS_GO);
    if (this.bound.has(identifier)) {
      const message = `The module ${name} binds ${identifierName(identifier)} twice`;
      this.mistakes.push(new MoonpoolError('DUPLICATE_BINDING', { message }));
      return;
    }
    this.bound.add(identifier);
    this.bindings.push({ identifier, module: name, ...making });
  }

  private addContribution(list: ContributionList<unknown>, making: Making): void {
    this.refuseLate();
    const { name } = this.module;
    if (!(list instanceof ContributionList))
      return this.mistaken(`contributes to ${describeValue(list)}, which is no list`, WHERE_TOKENS_GO);
    if ('value' in making) {
      this.mistakes.push(...refusedItems(list, making.value, name));
    } else if (list.holdsValuesOnly) {
      return this.mistaken(`contributes to ${list.name} what is to be made`, `${list.name} takes values only.`);
    }
    const { value, ...binding } = making;
    // It is known by a token of its own, so that what it depends on is made before it.
    const identifier = new Token<unknown>(`a contribution to ${list.name}`);
    this.contributions.push({ list, value, binding: { identifier, module: name, ...binding } });
  }

  private mistaken(what: string, remedy: string): void {
    this.mistakes.push(
      new MoonpoolError('INVALID_MODULE', { message: `The module ${this.module.name} ${what}`, remedy }),
    );
  }

  private refuseLate(): void {
    if (!this.isOver) return;
    throw new MoonpoolError('INVALID_MODULE', {
      message: `The module ${this.module.name} binds or contributes something after it was loaded`,
      remedy: 'Do it before load returns; what comes later reaches no node.',
    });
  }
}

const WHERE_TOKENS_GO =
  'An import cycle may have left it undefined; otherwise give what `token` or `contributions` returns.';

const AS_MADE =
  'Give toValue a value, toClass and toParts a class, and toFactory what is needed, in a list or by names, and then a function: toFactory([], () => ...).';

function nameOf(identifier: unknown): string {
  return isIdentifier(identifier) ? identifierName(identifier) : describeValue(identifier);
}

/** What is wrong with an item that a module has contributed to the list. */
export function refusedItems(list: ContributionList<unknown>, item: unknown, module: string): readonly MoonpoolError[] {
  return list.accepts.mistakesIn(item, { door: list.name, path: '' }).map(({ message, remedy }) => {
    const details = { message: `The module ${module} contributes what it must not: ${message}` };
    return new MoonpoolError('INVALID_MODULE', remedy === undefined ? details : { ...details, remedy });
  });
}

function isIdentifier(identifier: unknown): identifier is ServiceIdentifier<unknown> {
  return identifier instanceof Token || typeof identifier === 'function';
}

/** Takes down how a service is made. */
function targetOf<T>(add: (making: Making) => void, wrong: (what: string) => void): BindingTarget<T> {
  const toFactory = (dependencies: DependencyList | DependencyRecord, create: unknown): void => {
    if (typeof dependencies !== 'object' || dependencies === null || typeof create !== 'function')
      return wrong(`gives toFactory ${describeValue(dependencies)} and ${describeValue(create)}`);
    const factory = create as (...resolved: unknown[]) => unknown;
    if (Array.isArray(dependencies))
      return add({ dependencies: dependencies as DependencyList, made: true, create: factory });
    const names = Object.keys(dependencies);
    const named = (...resolved: unknown[]) =>
      factory(Object.fromEntries(names.map((name, index) => [name, resolved[index]])));
    add({ dependencies: Object.values(dependencies), made: true, create: named });
  };
  return {
    toValue: (value) => {
      if (value === undefined || value === null) return wrong(`gives toValue ${describeValue(value)}`);
      return add({ dependencies: [], made: false, create: () => value, value });
    },
    toFactory,
    toParts: (parts, type) => {
      if (!isClass(type)) return wrong(`gives toParts ${describeValue(type)}, which is no class,`);
      return toFactory(parts, (resolved: unknown) => new (type as new (parts: unknown) => unknown)(resolved));
    },
    toClass: (type) => {
      if (!isClass(type)) return wrong(`gives toClass ${describeValue(type)}, which is no class,`);
      const construct = type as unknown as new (...resolved: unknown[]) => unknown;
      const create = (...resolved: unknown[]) => new construct(...resolved);
      add({ dependencies: constructorDependencies(type), made: true, create });
    },
  };
}
