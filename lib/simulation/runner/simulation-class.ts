import type { ActorClass } from '../../actor/actor-reference';
import type { AssertionSite } from '../../chaos/assertion-site';
import { MoonpoolError } from '../../errors/moonpool-error';
import { CHAOS_LEVELS } from '../chaos/chaos-profile';
import type { ContainerModule } from '../../injection/container-module';
import { invariantsOf, simulationTestsOf, type InvariantRecord, type SimulationOptions, type SimulationTestRecord } from '../../metadata/simulation-record';
import type { StartupTask } from '../../runtime/startup-tasks';

/** A class with methods marked `@SimulationTest`, and the statics that it declares. */
export interface SimulationClass {
  readonly name: string;
  readonly prototype: object;
  /** The actor classes of the application under test. */
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

/** The test of the name, or the first one when none is named. @throws MoonpoolError INVALID_OPTION */
export function testOf({ type, tests }: SimulationPlan, method: string | undefined): SimulationTestRecord {
  const test = method === undefined ? tests[0] : tests.find((candidate) => candidate.method === method);
  if (test !== undefined) return test;
  const known = tests.map((candidate) => candidate.method).join(', ');
  throw new MoonpoolError('INVALID_OPTION', { message: `The class ${type.name} has no test '${method}'`, remedy: `Name one that it has: ${known}.` });
}

/** Reads and checks a class. @throws MoonpoolError INVALID_SIMULATION_CLASS naming every mistake. */
export function planSimulation(type: SimulationClass): SimulationPlan {
  const tests = simulationTestsOf(type);
  const invariants = invariantsOf(type);
  const mistakes = [
    ...(tests.length === 0 ? ['it has no method marked with @SimulationTest'] : []),
    ...((Array.isArray(type.actors) && type.actors.length > 0) || (tests.length > 0 && tests.every(hasNoCluster)) ? [] : ['it lists no actor classes: write `static readonly actors = [...]`']),
    ...(type.length > 0 ? ['its constructor has parameters, and nobody could give them'] : []),
    ...tests.filter(({ isStatic }) => isStatic).map(({ method }) => `@SimulationTest stands on the static member '${method}'`),
    ...invariants.filter(({ isStatic }) => isStatic).map(({ method }) => `@Invariant stands on the static member '${method}'`),
    ...tests.flatMap((test) => mistakesOf(test)),
  ];
  if (mistakes.length > 0) {
    throw new MoonpoolError('INVALID_SIMULATION_CLASS', { message: `The class ${type.name} cannot be simulated: ${mistakes.join('; ')}` });
  }
  return { type, tests, invariants };
}

/** True when the test is about hosts alone, which run no actors. */
function hasNoCluster({ options }: SimulationTestRecord): boolean {
  return options.nodes === 0 && options.clients === 0;
}

function mistakesOf({ method, seeds, options }: SimulationTestRecord): readonly string[] {
  const mistakes: string[] = [];
  const areSeeds = isSelection(seeds);
  if (!areSeeds) mistakes.push(`the seeds of '${method}' are ${JSON.stringify(seeds)}: give a number, { from, to }, a list of whole numbers or 'until-covered'`);
  for (const name of ['nodes', 'clients', 'maxDead', 'leaseTtlMs', 'virtualLimitMs', 'realLimitMs'] as const) {
    const value = options[name];
    // A world of hosts alone has no cluster: neither nodes nor clients.
    const mayBeNone = name === 'clients' || (name === 'nodes' && options.clients === 0);
    if (value === 0 && mayBeNone) continue;
    if (value !== undefined && !(Number.isFinite(value) && value > 0)) mistakes.push(`the option ${name} of '${method}' is ${value}, not a positive number`);
  }
  mistakes.push(...mistakesOfTopology(method, options));
  if (options.chaos !== undefined && !CHAOS_LEVELS.includes(options.chaos)) {
    mistakes.push(`the option chaos of '${method}' is '${String(options.chaos)}': it must be calm, default or hostile`);
  }
  if (options.fence !== undefined && !['report', 'refuse', 'off'].includes(options.fence)) {
    mistakes.push(`the option fence of '${method}' is '${String(options.fence)}': it must be report, refuse or off`);
  }
  return mistakes;
}

function mistakesOfTopology(method: string, { topology, nodes }: SimulationOptions): readonly string[] {
  if (topology === undefined) return [];
  const counts = Object.entries(topology).filter(([, count]) => count !== undefined);
  const wrong = counts.filter(([, count]) => !(Number.isSafeInteger(count) && count > 0));
  return [
    ...wrong.map(([name, count]) => `the topology of '${method}' has ${String(count)} ${name}, not a whole number above 0`),
    ...(nodes === undefined ? [] : [`'${method}' has both the options nodes and topology: keep one`]),
  ];
}

function isSelection(seeds: unknown): boolean {
  if (Array.isArray(seeds)) return seeds.length > 0 && seeds.every(isSeed);
  if (typeof seeds === 'number') return isSeed(seeds) && seeds > 0;
  if (typeof seeds === 'string') return seeds === 'until-covered';
  const { from, to } = (seeds ?? {}) as { readonly from?: unknown; readonly to?: unknown };
  return isSeed(from) && isSeed(to);
}

function isSeed(seed: unknown): boolean {
  return Number.isSafeInteger(seed) && (seed as number) >= 0;
}
