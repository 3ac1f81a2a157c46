import { MoonpoolError } from '../errors/moonpool-error';
import { constructorDependencies } from './constructor-dependencies';
import type { Bind, BindingTarget, ContainerModule, Resolved } from './container-module';
import { identifierName, type Constructor, type ServiceIdentifier } from './token';

/** One binding: how an identifier's service comes to be, and which module said so. */
export interface Binding {
  readonly identifier: ServiceIdentifier<unknown>;
  readonly module: string;
  readonly dependencies: readonly (ServiceIdentifier<unknown> | undefined)[];
  /** True when the container makes the service, and so starts and stops it. */
  readonly made: boolean;
  readonly create: (...resolved: unknown[]) => unknown;
}

/**
 * The bindings of all modules, later modules winning, checked before anything is constructed: everything that is missing
 * comes out in one error, and a circle is printed as a path.
 */
export class BindingPlan {
  private readonly bindings = new Map<ServiceIdentifier<unknown>, Binding>();

  constructor(modules: readonly ContainerModule[]) {
    for (const module of modules) this.load(module);
  }

  has(identifier: ServiceIdentifier<unknown>): boolean {
    return this.bindings.has(identifier);
  }

  /**
   * The bindings in an order in which each one comes after what it depends on.
   * @param wanted what is asked of the container besides what its bindings need, by whom.
   * @throws MoonpoolError MISSING_BINDING naming everything that is missing; BINDING_CYCLE with the path of a circle.
   */
  inOrder(
    wanted: readonly { readonly identifier: ServiceIdentifier<unknown>; readonly by: string }[],
  ): readonly Binding[] {
    this.refuseMissing(wanted);
    const ordered: Binding[] = [];
    const done = new Set<Binding>();
    const path: Binding[] = [];
    const visit = (binding: Binding): void => {
      if (done.has(binding)) return;
      if (path.includes(binding)) throw cycle([...path.slice(path.indexOf(binding)), binding]);
      path.push(binding);
      for (const dependency of binding.dependencies)
        visit(this.bindings.get(dependency as Constructor<unknown>) as Binding);
      path.pop();
      done.add(binding);
      ordered.push(binding);
    };
    for (const binding of this.bindings.values()) visit(binding);
    return ordered;
  }

  private load(module: ContainerModule): void {
    const boundHere = new Set<ServiceIdentifier<unknown>>();
    const add = (binding: Binding): void => {
      if (boundHere.has(binding.identifier)) {
        const name = identifierName(binding.identifier);
        throw new MoonpoolError('DUPLICATE_BINDING', { message: `The module ${module.name} binds ${name} twice` });
      }
      boundHere.add(binding.identifier);
      this.bindings.set(binding.identifier, binding);
    };
    const bind: Bind = <T>(identifier: ServiceIdentifier<T>): BindingTarget<T> => ({
      toValue: (value) => add({ identifier, module: module.name, dependencies: [], made: false, create: () => value }),
      toFactory: <const D extends readonly ServiceIdentifier<unknown>[]>(
        dependencies: D,
        create: (...resolved: Resolved<D>) => T,
      ) => {
        const untyped = create as unknown as (...resolved: unknown[]) => unknown;
        add({ identifier, module: module.name, dependencies, made: true, create: untyped });
      },
      toClass: (type) => {
        const construct = type as unknown as new (...resolved: unknown[]) => unknown;
        const create = (...resolved: unknown[]) => new construct(...resolved);
        add({ identifier, module: module.name, dependencies: constructorDependencies(type), made: true, create });
      },
    });
    module.load(bind);
  }

  private refuseMissing(
    wanted: readonly { readonly identifier: ServiceIdentifier<unknown>; readonly by: string }[],
  ): void {
    const missing: string[] = [];
    for (const { identifier, by } of wanted) {
      if (!this.bindings.has(identifier)) missing.push(`${identifierName(identifier)}, needed by ${by}`);
    }
    for (const binding of this.bindings.values()) {
      const by = `${identifierName(binding.identifier)} of module ${binding.module}`;
      binding.dependencies.forEach((dependency, index) => {
        if (dependency === undefined) {
          missing.push(`parameter ${index + 1} of ${by} names no token: mark it with @inject`);
        } else if (!this.bindings.has(dependency)) {
          missing.push(`${identifierName(dependency)}, needed by ${by}`);
        }
      });
    }
    if (missing.length > 0) {
      throw new MoonpoolError('MISSING_BINDING', { message: `The container lacks: ${missing.join('; ')}` });
    }
  }
}

function cycle(path: readonly Binding[]): MoonpoolError {
  const names = path.map((binding) => identifierName(binding.identifier)).join(' -> ');
  return new MoonpoolError('BINDING_CYCLE', { message: `The bindings form a circle: ${names}` });
}
