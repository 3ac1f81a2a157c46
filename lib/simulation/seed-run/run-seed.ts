import { describeValue } from '../../errors/describe-value';
import { isMoonpoolError, MoonpoolError } from '../../errors/moonpool-error';
import type { SimulationTestRecord } from '../../metadata/simulation-record';
import { ambientStand } from '../../providers/ambient-providers';
import { loadPayloadLibraries } from '../../serialization/payload-check';
import { drawChaos } from '../chaos/profile/chaos-profile';
import { unheardFinding } from '../checkers/histories/unheard-finding';
import { SimulatedCluster } from '../cluster/simulated-cluster';
import { Coverage } from '../coverage/coverage';
import type { RealClock } from '../engine/budget';
import { SimulationEngine } from '../engine/simulation-engine';
import { outsideOfFences, type Fence } from '../fence/fence';
import type { RunObservers } from '../observation/run-observers';
import { WALL_CLOCK_ORIGIN_MS } from '../providers/simulated-clock';
import { layOut } from '../topology/layout';
import type { Trace } from '../trace/trace';
import { SimulatedWorld } from '../world/simulated-world';
import { observersOf, type RunToObserve } from './observers-of-run';
import type { RunRecipe } from './run-recipe';
import type { RunSeedOptions } from './run-seed-options';
import type { SeedResult } from './seed-result';
import { applicationOf, type SimulationPlan } from './simulation-class';

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
  const { result, fence } = await runObserved({ plan, test, recipe, options, locates: false });
  if (fence?.wantsPlaces !== true) return result;
  // Who made a resource is only known to a run that looks at every one of them.
  const { trace: _trace, onEvent: _onEvent, onValue: _onValue, ...quietly } = options;
  const { result: located } = await runObserved({ plan, test, recipe, options: quietly, locates: true });
  const error = isMoonpoolError(result.error, 'SIMULATION_NOT_DETERMINISTIC') ? result.error : located.error;
  return { ...located, error };
}

/** What is run, and how it is looked at. */
interface SeedOrder extends Pick<RunToObserve, 'plan' | 'test' | 'options' | 'locates'> {
  readonly recipe: RunRecipe;
}

async function runObserved(
  order: SeedOrder,
): Promise<{ readonly result: SeedResult; readonly fence: Fence | undefined }> {
  const { plan, test, recipe, options } = order;
  const { chaos = test.options.chaos ?? 'default', trace } = options;
  const clock = outsideOfFences(options.clock);
  const startedAt = clock.now();
  const engine = engineOf(test, recipe, clock, trace);
  const { store = plan.type.store?.(() => WALL_CLOCK_ORIGIN_MS + engine.now) ?? {} } = options;
  const world = new SimulatedWorld(engine, drawChaos(chaos, engine.rolls), store);
  const coverage = new Coverage(() => engine.events);
  const run: RunToObserve = { ...order, world, coverage, application: applicationOf(plan.type, test.options) };
  const { observers, fence, discovery } = observersOf(run);
  loadPayloadLibraries();
  const ending = await endingOf(run, observers);
  store.close?.();
  await fence?.settle();
  // Where two runs part is the better clue: it is what the comparison was asked for.
  const error = isMoonpoolError(ending, 'SIMULATION_NOT_DETERMINISTIC') ? ending : observers.verdict(ending);
  const result: SeedResult = {
    seed: recipe.seed,
    recipe,
    error,
    hash: engine.fingerprint,
    events: engine.events,
    virtualMs: engine.now,
    realMs: clock.now() - startedAt,
    coverage: coverage.entries,
    faults: engine.faults,
    struck: error === undefined ? [] : engine.struck,
    accesses: fence?.accesses ?? [],
    discoveries: discovery?.discoveries(coverage.entries) ?? [],
    staleCalls: engine.staleCalls,
    // Of a run that passed nobody reads them, and between threads they would be copied.
    lastEvents: error === undefined ? [] : engine.timeline.last(KEPT_EVENTS),
  };
  return { result, fence };
}

function engineOf(
  { options: { virtualLimitMs, realLimitMs } }: SimulationTestRecord,
  { seed, reseeds = [], only, suppressed }: RunRecipe,
  clock: RealClock,
  trace: Trace | undefined,
): SimulationEngine {
  return new SimulationEngine({
    seed,
    reseeds,
    clock,
    budget: {
      ...(virtualLimitMs === undefined ? {} : { virtualLimitMs }),
      ...(realLimitMs === undefined ? {} : { realLimitMs }),
    },
    faults: {
      ...(only === undefined ? {} : { only: new Set(only) }),
      ...(suppressed === undefined ? {} : { suppressed: new Set(suppressed) }),
    },
    ...(trace === undefined ? {} : { trace }),
  });
}

/** Runs the test. Resolves to what it ended with; to undefined when it has passed. */
async function endingOf(
  { plan, test, world, application, coverage }: RunToObserve,
  observers: RunObservers,
): Promise<unknown> {
  const { engine, network } = world;
  try {
    observers.attach({
      engine,
      network,
      get processes() {
        return cluster.processes;
      },
      sleep: (ms) => cluster.sleep(ms),
    });
    const cluster = new SimulatedCluster({ world, application, layout: layOut(test.options) }, coverage);
    ambientStand.providers = { time: cluster.time, random: engine.rolls.stream('ambient', 'functions') };
    await engine.run(async () => {
      // Made inside the run, for its constructor is code of the test too.
      const instance = new plan.type();
      observers.begin(instance);
      await cluster.start();
      requireRun(await bodyOf(instance, test.method)(cluster), test.method);
      const fault = await observers.findFault();
      if (fault !== undefined) throw fault;
    });
    return undefined;
  } catch (error) {
    return error ?? rejectedWithoutError();
  } finally {
    ambientStand.providers = undefined;
    observers.detach();
  }
}

function bodyOf(instance: object, method: string): (cluster: SimulatedCluster) => unknown {
  const body: unknown = (instance as Readonly<Record<string, unknown>>)[method];
  if (typeof body !== 'function')
    throw new MoonpoolError('INVALID_SIMULATION_CLASS', {
      message: `The test '${method}' has no method of its name: there is ${describeValue(body)} in its place`,
    });
  return (cluster) => (body as (this: unknown, cluster: SimulatedCluster) => unknown).call(instance, cluster);
}

/** A body that gives back what was to be run has checked nothing, and one that gives back what it has found would be heard by nobody. */
function requireRun(answer: unknown, method: string): void {
  const finding = unheardFinding(answer);
  if (finding !== undefined)
    throw new MoonpoolError('SIMULATION_FAILED', {
      message: `The test '${method}' ${finding.words}`,
      remedy: 'Throw an Error that says what is wrong.',
      cause: finding.cause,
    });
  const isRun = typeof answer !== 'function' && typeof (answer as { next?: unknown } | undefined)?.next !== 'function';
  if (isRun) return;
  throw new MoonpoolError('INVALID_SIMULATION_CLASS', {
    message: `The test '${method}' gives back ${typeof answer === 'function' ? 'a function' : 'a generator'}, whose code has not run`,
    remedy: 'Do in the method itself, as an async method, what the test does.',
  });
}

function rejectedWithoutError(): MoonpoolError {
  return new MoonpoolError('SIMULATION_FAILED', {
    message: 'The test was rejected without an error',
    remedy: 'Reject with an Error, which can say why.',
  });
}
