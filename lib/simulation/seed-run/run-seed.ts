import { describeValue } from '../../errors/describe-value';
import { isMoonpoolError, MoonpoolError } from '../../errors/moonpool-error';
import type { SimulationOptions, SimulationTestRecord } from '../../metadata/simulation-record';
import { drawChaos, type ChaosLevel } from '../chaos/profile/chaos-profile';
import { AssertionWatch } from '../coverage/assertion-watch';
import { ClusterView } from '../cluster/cluster-view';
import type { CoverageEntries } from '../coverage/coverage';
import type { ShownValue } from '../../observability/event-log';
import { StateRegistry } from '../../observability/state-registry';
import { OpenWork } from '../invariants/rest/open-work';
import { RestCheck, type RestingProcess } from '../invariants/rest/rest-check';
import { SimulatedCluster } from '../cluster/simulated-cluster';
import { SimulatedWorld } from '../world/simulated-world';
import type { Budget, RealClock } from '../engine/budget';
import { SimulationEngine } from '../engine/simulation-engine';
import type { TimelineEvent } from '../timeline/timeline';
import type { Trace } from '../trace/trace';
import { MessageConservation } from '../invariants/calls/message-conservation';
import type { AmbientAccess } from '../fence/ambient/ambient-access';
import { Fence, outsideOfFences } from '../fence/fence';
import { TurnAudit } from '../fence/turn-audit';
import { builtInInvariants, watchHistory } from '../invariants/watch-history';
import { loadPayloadLibraries } from '../../serialization/payload-libraries';
import type { StoreEngines } from '../cluster-store/simulated-store';
import { layOut } from '../topology/layout';
import type { SimulationPlan } from './simulation-class';
import { DiscoveryWatch, type Discovery } from './discovery';
import type { RunRecipe } from './run-recipe';
import { invariantsOfModules } from './contributed-invariants';
import { invariantsOfClass, watchInvariants } from './watch-invariants';

/** What became of one run. Plain data but for the error. */
export interface SeedResult {
  readonly seed: number;
  /** What the run was made from. */
  readonly recipe: RunRecipe;
  /** The error that the run ended with; undefined when it passed. */
  readonly error: unknown;
  /** The hash over everything that happened. */
  readonly hash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly realMs: number;
  /** The assertions of the run. */
  readonly coverage: CoverageEntries;
  /** How often each fault struck, by its site. */
  readonly faults: ReadonlyMap<string, number>;
  /** The names of all faults that struck, in their order; only of a run that failed. */
  readonly struck: readonly string[];
  /** What code asked of the surrounding world, each place once. */
  readonly accesses: readonly AmbientAccess[];
  /** What the run saw, each with the event at which it saw it first; only when that was asked for. */
  readonly discoveries: readonly Discovery[];
  /** How often code of a dead process reached for the world: something that processes share had woken it. */
  readonly staleCalls: number;
  /** The last events, oldest first. */
  readonly lastEvents: readonly TimelineEvent[];
}

/** How a seed is run, besides what its test says. */
export interface RunSeedOptions {
  readonly clock: RealClock;
  /** Takes down every step, or compares it with another run's. */
  readonly trace?: Trace;
  /** Is told of each event of the timeline. */
  readonly onEvent?: (event: TimelineEvent) => void;
  /** Is shown the values that actors take, give and keep, each after its event. */
  readonly onValue?: (value: ShownValue) => void;
  /** Note what the run sees, for exploration. Default: false. */
  readonly discovers?: boolean;
  /** How hard the world is, in place of what the test says. */
  readonly chaos?: ChaosLevel;
  /** Look for promises that outlive their turns, which takes about twice as long. Default: false. */
  readonly auditsTurns?: boolean;
  /** What the simulated store is made of, in place of what the class says; for specs that show how a broken one is noticed. */
  readonly store?: Partial<StoreEngines>;
}

const FAST_LEASE_TTL_MS = 3_000;

/** How many of the last events a result keeps. */
const KEPT_EVENTS = 200;

/** Runs one test once, in a world made from the seed. Never rejects. */
export function runSeed(
  plan: SimulationPlan,
  test: SimulationTestRecord,
  seed: number,
  options: RunSeedOptions,
): Promise<SeedResult> {
  return runRecipe(plan, test, { seed }, options);
}

/** Runs one test once, in a world made from the recipe. Never rejects. */
export async function runRecipe(
  plan: SimulationPlan,
  test: SimulationTestRecord,
  recipe: RunRecipe,
  options: RunSeedOptions,
): Promise<SeedResult> {
  const { result, fence } = await runFenced(plan, test, recipe, options, false);
  if (fence?.wantsPlaces !== true) return result;
  // Who made a resource is only known to a run that looks at every one of them.
  const { trace: _trace, onEvent: _onEvent, onValue: _onValue, ...quietly } = options;
  const { result: located } = await runFenced(plan, test, recipe, quietly, true);
  const error = isMoonpoolError(result.error, 'SIMULATION_NOT_DETERMINISTIC') ? result.error : located.error;
  return { ...located, error };
}

async function runFenced(
  plan: SimulationPlan,
  test: SimulationTestRecord,
  recipe: RunRecipe,
  options: RunSeedOptions,
  locates: boolean,
): Promise<{ readonly result: SeedResult; readonly fence: Fence | undefined }> {
  const { trace, onEvent, chaos = test.options.chaos ?? 'default', store = plan.type.store?.() ?? {} } = options;
  const { seed, reseeds = [], only, suppressed } = recipe;
  const clock = outsideOfFences(options.clock);
  const startedAt = clock.now();
  const engine = new SimulationEngine({
    seed,
    reseeds,
    clock,
    budget: budgetOf(test.options),
    faults: {
      ...(only === undefined ? {} : { only: new Set(only) }),
      ...(suppressed === undefined ? {} : { suppressed: new Set(suppressed) }),
    },
    ...(trace === undefined ? {} : { trace }),
  });
  if (onEvent !== undefined) engine.timeline.listen(onEvent);
  engine.timeline.onValue = options.onValue;
  const discovery = options.discovers === true ? new DiscoveryWatch(engine) : undefined;
  const world = new SimulatedWorld(engine, drawChaos(chaos, engine.rolls), store);
  const mode = test.options.fence ?? 'report';
  const fence = mode === 'off' ? undefined : new Fence(engine, mode, world.clocks, locates);
  loadPayloadLibraries();
  if (fence !== undefined) engine.guardWith(fence);
  const audit = fence !== undefined && options.auditsTurns === true ? new TurnAudit(engine, fence) : undefined;
  const { cluster, error: ending } = await runInWorld(plan, test, world);
  audit?.stop();
  store.close?.();
  // Where two runs part is the better clue: it is what the comparison was asked for.
  const error = isMoonpoolError(ending, 'SIMULATION_NOT_DETERMINISTIC') ? ending : (fence?.verdict(ending) ?? ending);
  const result: SeedResult = {
    seed,
    recipe,
    error,
    hash: engine.fingerprint,
    events: engine.events,
    virtualMs: engine.now,
    realMs: clock.now() - startedAt,
    coverage: cluster.coverage.entries,
    faults: engine.faults,
    struck: error === undefined ? [] : engine.struck,
    accesses: fence?.accesses ?? [],
    discoveries: discovery?.discoveries(cluster.coverage.entries) ?? [],
    staleCalls: engine.staleCalls,
    lastEvents: engine.timeline.last(KEPT_EVENTS),
  };
  return { result, fence };
}

async function runInWorld(
  plan: SimulationPlan,
  test: SimulationTestRecord,
  world: SimulatedWorld,
): Promise<{ cluster: SimulatedCluster; error: unknown }> {
  const { type, invariants } = plan;
  const { engine } = world;
  const { leaseTtlMs = FAST_LEASE_TTL_MS } = test.options;
  const namespace = type.namespace ?? 'simulation';
  const application = {
    namespace,
    actors: type.actors ?? [],
    observers: type.observers,
    startup: type.startup,
    modules: type.modules ?? [],
    leaseTtlMs,
  };
  const cluster = new SimulatedCluster(world, application, layOut(test.options));
  const work = OpenWork.watch(engine);
  const rest = RestCheck.watch(engine);
  world.network.tap = MessageConservation.watch(engine);
  watchHistory(
    engine,
    builtInInvariants((node, generation) => cluster.holdsLease(node, generation), leaseTtlMs),
  );
  for (const site of type.assertions ?? []) cluster.coverage.expect(site);
  let release = (): void => undefined;
  try {
    release = new AssertionWatch(engine, cluster.coverage).install();
    await engine.run(async () => {
      // Made inside the run, for its constructor is code of the test too.
      const instance = new type() as Record<string, (argument: unknown) => unknown>;
      watchInvariants(
        engine,
        [...invariantsOfClass(invariants, instance), ...invariantsOfModules(application.modules)],
        new ClusterView(engine, world.store, namespace, (node) => cluster.registryOf(node)),
      );
      await cluster.start();
      await bodyOf(instance, test.method)(cluster);
      const leak = work.findLeak((name) => pendingCallsOf(cluster, name));
      if (leak !== undefined)
        throw new MoonpoolError('INVARIANT_BROKEN', {
          message: `The invariant 'pending calls' does not hold: ${leak}`,
        });
      const residue = await rest.findResidue(
        work,
        () => processesOf(cluster),
        (ms) => cluster.sleep(ms),
      );
      if (residue !== undefined)
        throw new MoonpoolError('INVARIANT_BROKEN', {
          message: `The invariant 'nothing is left at rest' does not hold: nothing is under way, and there are ${residue}`,
        });
    });
    return { cluster, error: undefined };
  } catch (error) {
    return {
      cluster,
      error:
        error ??
        new MoonpoolError('SIMULATION_FAILED', {
          message: 'The test was rejected without an error',
          remedy: 'Reject with an Error, which can say why.',
        }),
    };
  } finally {
    release();
  }
}

function bodyOf(
  instance: Record<string, (argument: unknown) => unknown>,
  method: string,
): (cluster: SimulatedCluster) => unknown {
  const body: unknown = instance[method];
  if (typeof body !== 'function')
    throw new MoonpoolError('INVALID_SIMULATION_CLASS', {
      message: `The test '${method}' has no method of its name: there is ${describeValue(body)} in its place`,
    });
  return (cluster) => (body as (this: unknown, cluster: SimulatedCluster) => unknown).call(instance, cluster);
}

/** How many calls a process keeps that its cluster has started; undefined for others, and while it does not run. */
function pendingCallsOf(cluster: SimulatedCluster, name: string): number | undefined {
  const calls = processesOf(cluster)
    .find((running) => running.name === name)
    ?.registry.read('calls');
  return typeof calls === 'object' && calls !== null && 'pending' in calls ? Number(calls['pending']) : undefined;
}

/** The processes that the cluster has started and that run. */
function processesOf(cluster: SimulatedCluster): readonly RestingProcess[] {
  const nodes = cluster.nodes.flatMap(({ name, runtime }) =>
    runtime === undefined ? [] : [{ name, registry: runtime.service(StateRegistry) }],
  );
  const clients = Array.from({ length: cluster.clientCount }, (_, index) => ({
    name: `client${index + 1}`,
    registry: cluster.client(index).service(StateRegistry),
  }));
  return [...nodes, ...clients];
}

function budgetOf({ virtualLimitMs, realLimitMs }: SimulationOptions): Partial<Budget> {
  return {
    ...(virtualLimitMs === undefined ? {} : { virtualLimitMs }),
    ...(realLimitMs === undefined ? {} : { realLimitMs }),
  };
}
