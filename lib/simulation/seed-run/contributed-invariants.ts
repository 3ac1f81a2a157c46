import { BindingPlan } from '../../injection/binding-plan';
import type { ContainerModule } from '../../injection/container-module';
import { contributions } from '../../injection/contribution-list';
import { list, type OptionKind } from '../../options/option-kind';
import { wrongOption } from '../../options/option-mistake';
import type { ClusterView } from '../cluster/cluster-view';
import { eventName, type TimelineEventName } from '../timeline/event-names';

/** What must hold in every simulation of an application that has the module, as a method with `@Invariant` must in one. */
export interface ModuleInvariant {
  /** For the message when it does not hold. */
  readonly name: string;
  /** Only after events of these names. Default: after every event of the world, which costs far more. */
  readonly after?: readonly TimelineEventName[];
  /** Throws when something is wrong, at once: it must not wait for anything. */
  check(view: ClusterView): void;
}

const WANTED = 'an invariant { name, after, check(view) }';

const afterEvents = list('a list of names of events', eventName);

/** An invariant that can be looked at: one that waits for nothing, or for events that never happen, would be silent. */
const contributed: OptionKind<ModuleInvariant> = {
  wanted: WANTED,
  mistakesIn: (value: unknown, place) => {
    const { name, after, check } = (value ?? {}) as Partial<Record<keyof ModuleInvariant, unknown>>;
    const isNever = Array.isArray(after) && after.length === 0;
    if (typeof name !== 'string' || name === '' || typeof check !== 'function' || isNever)
      return [wrongOption(place, WANTED, value)];
    return after === undefined
      ? []
      : afterEvents.mistakesIn(after as readonly unknown[], { ...place, path: `after of ${name}` });
  },
};

/** The invariants of the modules of an application; nodes outside of a simulation do not look at them. */
export const Invariants = contributions<ModuleInvariant>('Invariants', {
  holdsValuesOnly: true,
  accepts: contributed,
});

/** The invariants that the modules contribute. What is wrong with a module is reported by the nodes that are given it. */
export function invariantsOfModules(modules: readonly ContainerModule[]): readonly ModuleInvariant[] {
  const accepted = new BindingPlan(modules).valuesOf(Invariants);
  return accepted.filter((invariant) => Invariants.accepts.mistakesIn(invariant, { door: '', path: '' }).length === 0);
}
