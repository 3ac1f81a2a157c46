import { BindingPlan } from '../../injection/binding-plan';
import type { ContainerModule } from '../../injection/container-module';
import { contributions } from '../../injection/contribution-list';
import { anyOf } from '../../options/option-kind';
import type { ClusterView } from '../cluster/cluster-view';

/** What must hold in every simulation of an application that has the module, as a method with `@Invariant` must in one. */
export interface ModuleInvariant {
  /** For the message when it does not hold. */
  readonly name: string;
  /** Only after events of these names. Default: after every event of the world, which costs far more. */
  readonly after?: readonly string[];
  /** Throws when something is wrong, at once: it must not wait for anything. */
  check(view: ClusterView): void;
}

/** The invariants of the modules of an application; nodes outside of a simulation do not look at them. */
export const Invariants = contributions<ModuleInvariant>('Invariants', {
  holdsValuesOnly: true,
  accepts: anyOf('an invariant { name, after, check(view) }', (value) => {
    const { name, after, check } = (value ?? {}) as Partial<Record<keyof ModuleInvariant, unknown>>;
    const isNamed = typeof name === 'string' && name !== '';
    return isNamed && (after === undefined || Array.isArray(after)) && typeof check === 'function';
  }),
});

/** The invariants that the modules contribute. What is wrong with a module is reported by the nodes that are given it. */
export function invariantsOfModules(modules: readonly ContainerModule[]): readonly ModuleInvariant[] {
  const accepted = new BindingPlan(modules).valuesOf(Invariants);
  return accepted.filter((invariant) => Invariants.accepts.mistakesIn(invariant, { door: '', path: '' }).length === 0);
}
