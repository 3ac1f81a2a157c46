import { MoonpoolError } from '../errors/moonpool-error';
import type { Binding } from './binding';
import type { ContainerModule } from './container-module';
import { ContributionList } from './contribution-list';
import { loadModule, refusedItems, type Contribution, type LoadedModule } from './module-load';
import { identifierName, type ServiceIdentifier } from './token';
import { describeCopies } from './package-copies';

/** Something that is asked of the container besides what its bindings need of each other. */
export interface WantedService {
  readonly identifier: ServiceIdentifier<unknown>;
  /** Who needs it, for the message when it is missing. */
  readonly by: string;
}

/**
 * What all modules bind and contribute, later bindings winning, checked before anything is constructed: everything that is
 * wrong comes out in one error, and a circle is printed as a path.
 */
export class BindingPlan {
  private readonly bindings = new Map<ServiceIdentifier<unknown>, Binding>();
  private readonly lists = new Map<ContributionList<unknown>, Contribution[]>();
  private readonly mistakes: MoonpoolError[] = [];

  constructor(modules: readonly ContainerModule[]) {
    for (const module of modules) this.load(module);
  }

  /** Adds a module behind the others. */
  load(module: ContainerModule): void {
    this.add(loadModule(module));
  }

  /** Adds what a module has said. */
  add({ bindings, contributions, mistakes }: LoadedModule): void {
    for (const binding of bindings) this.bindings.set(binding.identifier, binding);
    for (const contribution of contributions) this.contribute(contribution);
    this.mistakes.push(...mistakes);
  }

  /** True when a module has bound it. */
  binds(identifier: ServiceIdentifier<unknown>): boolean {
    return this.bindings.has(identifier);
  }

  /** The name of the module whose binding of it counts; undefined when there is none. */
  moduleOf(identifier: ServiceIdentifier<unknown>): string | undefined {
    return this.bindings.get(identifier)?.module;
  }

  /** What was contributed to a list that holds values only: it is known before anything is made. */
  valuesOf<T>(list: ContributionList<T>): readonly T[] {
    return (this.lists.get(list as ContributionList<unknown>) ?? []).map(({ value }) => value as T);
  }

  /** Adds a mistake that somebody else has found in what the modules say, to be reported with the others. */
  report(mistake: MoonpoolError): void {
    this.mistakes.push(mistake);
  }

  /**
   * The bindings in an order in which each one comes after what it depends on; each list comes after all that was contributed to it.
   * @throws MoonpoolError that says everything that is wrong: INVALID_MODULE, DUPLICATE_BINDING, MISSING_BINDING, BINDING_CYCLE.
   */
  inOrder(wanted: readonly WantedService[]): readonly Binding[] {
    this.noteMissing(wanted);
    const ordered: Binding[] = [];
    const done = new Set<Binding>();
    const path: Binding[] = [];
    const visit = (binding: Binding | undefined): void => {
      if (binding === undefined || done.has(binding)) return;
      if (path.includes(binding)) {
        this.mistakes.push(cycle([...path.slice(path.indexOf(binding)), binding]));
        return;
      }
      path.push(binding);
      for (const dependency of binding.dependencies) visit(this.bindingOf(dependency));
      path.pop();
      done.add(binding);
      ordered.push(binding);
    };
    for (const list of this.lists.keys()) this.bindList(list);
    for (const binding of [...this.bindings.values()]) visit(binding);
    this.refuseMistakes();
    return ordered;
  }

  private contribute(contribution: Contribution): void {
    const { list, binding } = contribution;
    const all = this.lists.get(list) ?? [];
    this.lists.set(list, [...all, contribution]);
    this.bindings.set(binding.identifier, binding);
  }

  private bindingOf(identifier: ServiceIdentifier<unknown> | undefined): Binding | undefined {
    if (identifier === undefined) return undefined;
    if (identifier instanceof ContributionList && !this.bindings.has(identifier)) this.bindList(identifier);
    return this.bindings.get(identifier);
  }

  /** The list as a service: all that was contributed, which may be nothing. */
  private bindList(list: ContributionList<unknown>): void {
    const contributions = (this.lists.get(list) ?? []).map(({ binding }) => binding);
    const dependencies = contributions.map(({ identifier }) => identifier);
    // Values were looked at when they were contributed; what the container has made is seen only now.
    const create = (...items: unknown[]) => {
      const [mistake] = items.flatMap((item, at) => refusedItems(list, item, contributions[at]?.module ?? ''));
      if (mistake !== undefined) throw mistake;
      return Object.freeze(items);
    };
    this.bindings.set(list, { identifier: list, module: 'all', dependencies, made: false, create });
  }

  private noteMissing(wanted: readonly WantedService[]): void {
    const missing: string[] = [];
    const isThere = (identifier: ServiceIdentifier<unknown>): boolean =>
      identifier instanceof ContributionList || this.bindings.has(identifier);
    for (const { identifier, by } of wanted) {
      if (!isThere(identifier)) missing.push(`${identifierName(identifier)}, needed by ${by}`);
    }
    for (const binding of this.bindings.values()) {
      const by = `${identifierName(binding.identifier)} of module ${binding.module}`;
      binding.dependencies.forEach((dependency, index) => {
        if (dependency === undefined) {
          missing.push(`parameter ${index + 1} of ${by} names no token: mark it with @inject`);
        } else if (!isThere(dependency)) {
          missing.push(`${identifierName(dependency)}, needed by ${by}`);
        }
      });
    }
    if (missing.length === 0) return;
    this.mistakes.push(new MoonpoolError('MISSING_BINDING', { message: `The container lacks: ${missing.join('; ')}` }));
  }

  /** One mistake is told as it is; of several the first gives the code, and the message lists them all. */
  private refuseMistakes(): void {
    const [first, ...others] = this.mistakes;
    if (first === undefined) return;
    const { code, detail, remedy } = first;
    // What is missing or unknown here may be known to another copy, and then nothing else is to be corrected.
    const copies = describeCopies();
    const hint = copies === undefined ? '' : `${copies}. `;
    if (others.length === 0) {
      if (copies === undefined) throw first;
      throw new MoonpoolError(code, { message: detail, remedy: `${hint}${remedy}`, cause: first });
    }
    const list = this.mistakes.map((mistake) => `\n  - ${mistake.code}: ${mistake.detail}. ${mistake.remedy}`).join('');
    throw new MoonpoolError(code, {
      message: `${this.mistakes.length} mistakes were found in the modules:${list}\n`,
      remedy: `${hint}Correct each of them.`,
    });
  }
}

function cycle(path: readonly Binding[]): MoonpoolError {
  const names = path.map((binding) => identifierName(binding.identifier)).join(' -> ');
  return new MoonpoolError('BINDING_CYCLE', { message: `The bindings form a circle: ${names}` });
}
