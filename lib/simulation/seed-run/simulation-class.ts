import type { ActorClass } from '../../actor/actor-reference';
import { Actors } from '../../actor/known-classes';
import type { AssertionSite } from '../../chaos/assertion-site';
import { isMoonpoolError, MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import { BindingPlan } from '../../injection/binding-plan';
import type { ContainerModule } from '../../injection/container-module';
import {
  INVARIANT_OPTIONS,
  invariantsOf,
  seedSelection,
  SIMULATION_OPTIONS,
  noteSimulationPlanned,
  simulationTestsOf,
  type InvariantOptions,
  type InvariantRecord,
  type SimulationOptions,
  type SimulationTestRecord,
} from '../../metadata/simulation-record';
import { anyOf, mandatory } from '../../options/option-kind';
import { checkArguments } from '../../options/option-table';
import { sentenceOf, type OptionMistake } from '../../options/option-mistake';
import type { StartupTask } from '../../runtime/startup-tasks';
import type { StoreEngines } from '../cluster-store/simulated-store';
import { eventName } from '../timeline/event-names';
import type { SimulatedApplication } from '../world/simulated-application';

/** A class with methods marked `@SimulationTest`, and the statics that it declares. */
export interface SimulationClass {
  readonly name: string;
  readonly prototype: object;
  /** The actor classes of the application under test, besides those that its modules contribute. */
  readonly actors?: readonly ActorClass[];
  /** The classes of observers of the application under test. Default: none. */
  readonly observers?: readonly ActorClass[];
  /** What each node does when it starts. Default: nothing. */
  readonly startup?: readonly StartupTask[];
  /** Container modules of the application; the simulated world comes after them and wins. */
  readonly modules?: readonly ContainerModule[];
  /**
   * Assertions that the simulation must look at, and fulfil where they are a `sometimes`. Those that it comes across are
   * counted without being listed.
   */
  readonly assertions?: readonly AssertionSite[];
  /**
   * What the simulated store is made of, made again for each run: an engine of your own, say, to be tried behind faults. It must answer without
   * leaving the process and in promise jobs alone, such as a database in memory. It is given its clock, in milliseconds since 1970. Default: maps in memory.
   */
  readonly store?: (now: () => number) => Partial<StoreEngines>;
  /** Default: `simulation`. */
  readonly namespace?: string;
  new (): object;
}

/** A simulation class as it is run. */
export interface SimulationPlan {
  readonly type: SimulationClass;
  readonly tests: readonly SimulationTestRecord[];
  readonly invariants: readonly InvariantRecord[];
}

/** How long leases last in a simulation, in milliseconds: the fast profile. */
const FAST_LEASE_TTL_MS = 3_000;

/** What the processes of a simulation run. */
export function applicationOf(
  type: SimulationClass,
  { leaseTtlMs = FAST_LEASE_TTL_MS }: SimulationOptions,
): SimulatedApplication {
  const { namespace = 'simulation', actors = [], observers, startup, modules = [] } = type;
  return { namespace, actors, observers, startup, modules, leaseTtlMs };
}

/** The test of the name, or the only one when none is named. @throws MoonpoolError INVALID_OPTION */
export function testOf({ type, tests }: SimulationPlan, method: string | undefined): SimulationTestRecord {
  const [test, ...others] = method === undefined ? tests : tests.filter((candidate) => candidate.method === method);
  if (test !== undefined && others.length === 0) return test;
  const known = tests.map((candidate) => candidate.method).join(', ');
  if (method === undefined)
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The class ${type.name} has ${tests.length} tests, and no \`method\` says which is meant`,
      remedy: `Name one: ${known}; or run them all with checkSimulation.`,
    });
  throw new MoonpoolError('INVALID_OPTION', {
    message: `The class ${type.name} has no test '${method}'`,
    remedy: `Name one that it has: ${known}.`,
  });
}

const simulationClass = mandatory(
  anyOf(
    'a class with methods marked @SimulationTest; an import cycle may have left it undefined',
    (type) => typeof type === 'function' && typeof type.prototype === 'object',
  ),
);

/** Reads and checks a class. @throws MoonpoolError INVALID_OPTION when it is none; INVALID_SIMULATION_CLASS naming every mistake. */
export function planSimulation(type: SimulationClass): SimulationPlan {
  checkArguments('a simulation', { type: [simulationClass, type] });
  noteSimulationPlanned(type);
  const tests = simulationTestsOf(type);
  const invariants = invariantsOf(type);
  const mistakes = mistakesOf({ type, tests, invariants });
  if (mistakes.length > 0) {
    throw new MoonpoolError('INVALID_SIMULATION_CLASS', {
      message: `The class ${type.name} cannot be simulated: ${mistakes.map((mistake) => mistake.replace(/\.$/, '')).join('; ')}`,
    });
  }
  return { type, tests, invariants };
}

function mistakesOf(plan: SimulationPlan): readonly string[] {
  try {
    return mistakesIn(plan);
  } catch (error) {
    if (isMoonpoolError(error)) throw error;
    return [`it is declared with something that does not let itself be looked at (${messageOf(error)})`];
  }
}

function mistakesIn({ type, tests, invariants }: SimulationPlan): readonly string[] {
  return [
    ...(tests.length === 0 ? ['it has no method marked with @SimulationTest'] : []),
    ...(hasActors(type) || (tests.length > 0 && tests.every(hasNoCluster))
      ? []
      : [
          'it lists no actor classes: write `static readonly actors = [...]`, or give it a module that contributes some',
        ]),
    ...(type.length > 0 ? ['its constructor has parameters, and nobody could give them'] : []),
    ...tests.flatMap(({ method, isStaticMember }) => mistakesOfMethod(type, '@SimulationTest', method, isStaticMember)),
    ...invariants.flatMap(({ method, isStaticMember }) => mistakesOfMethod(type, '@Invariant', method, isStaticMember)),
    ...tests.flatMap(({ method, seeds, options }) => {
      const door = `@SimulationTest of ${method}`;
      return [
        ...seedSelection.mistakesIn(seeds, { door, path: 'seeds' }),
        ...SIMULATION_OPTIONS.mistakesIn(options, { door, path: '' }),
      ].map(sentenceOf);
    }),
    ...invariants.flatMap(({ method, options }) => mistakesOfInvariant(method, options).map(sentenceOf)),
  ];
}

/** False for a class that others extend, which gives them tests and has no actors itself, neither listed nor by its modules. */
export function hasActors({ actors, modules }: SimulationClass): boolean {
  if (Array.isArray(actors) && actors.length > 0) return true;
  if (!Array.isArray(modules) || modules.length === 0) return false;
  try {
    return new BindingPlan(modules).valuesOf(Actors).length > 0;
  } catch {
    // What is wrong with a module is said by the first node that is given it.
    return true;
  }
}

/** True when the test is about hosts alone, which run no actors. */
function hasNoCluster({ options }: SimulationTestRecord): boolean {
  return options?.nodes === 0 && options.clients === 0;
}

/** What is wrong with the options of an invariant: names of events that never happen too, after which nobody would look. */
function mistakesOfInvariant(method: string, options: InvariantOptions): readonly OptionMistake[] {
  const door = `@Invariant of ${method}`;
  const mistakes = INVARIANT_OPTIONS.mistakesIn(options, { door, path: '' });
  if (mistakes.length > 0) return mistakes;
  return (options.after ?? []).flatMap((name) => eventName.mistakesIn(name, { door, path: 'after' }));
}

/** What keeps a method from being called: it would be silent, and pass. */
function mistakesOfMethod(
  { prototype }: SimulationClass,
  decorator: string,
  method: string,
  isStaticMember: boolean,
): readonly string[] {
  if (isStaticMember) return [`${decorator} stands on the static member '${method}'`];
  const body = bodyOf(prototype, method);
  if (typeof body !== 'function') return [`${decorator} stands on '${method}', which is no method`];
  const kind = Object.prototype.toString.call(body);
  return kind.endsWith('GeneratorFunction]')
    ? [`${decorator} stands on the generator '${method}', whose code would never be run`]
    : [];
}

function bodyOf(prototype: object, method: string): unknown {
  for (let level: object | null = prototype; level !== null; level = Object.getPrototypeOf(level) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(level, method);
    if (descriptor !== undefined) return descriptor.value;
  }
  return undefined;
}
