import { MoonpoolError } from '../../errors/moonpool-error';
import type { InvariantRecord, SimulationTestRecord } from '../../metadata/simulation-record';
import type { TimeProvider } from '../../providers/time-provider';
import { drawChaos } from '../chaos/chaos-profile';
import { ClusterView } from '../cluster/cluster-view';
import type { Coverage } from '../cluster/coverage';
import { SimulatedCluster } from '../cluster/simulated-cluster';
import { runWorld } from '../engine/run-world';
import type { TimelineEvent } from '../engine/timeline';
import { World } from '../engine/world';
import { AcknowledgedIsDurable } from '../invariants/acknowledged-is-durable';
import type { HistoryInvariant } from '../invariants/history-invariant';
import { NoStaleWrite } from '../invariants/no-stale-write';
import { OneTurnAtATime } from '../invariants/one-turn-at-a-time';
import { SingleActivation } from '../invariants/single-activation';
import type { SimulationPlan } from './simulation-class';

/** What became of one seed. */
export interface SeedResult {
  readonly seed: number;
  /** The error that the run ended with; undefined when it passed. */
  readonly error: unknown;
  /** The hash over all its events. */
  readonly hash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly realMs: number;
  readonly coverage: Coverage;
  /** The last events, oldest first. */
  readonly lastEvents: readonly TimelineEvent[];
  /** The hash after each event, when it was asked for. */
  readonly trace: readonly number[] | undefined;
}

/** How a seed is run, besides what its test says. */
export interface RunSeedOptions {
  readonly realTime: TimeProvider;
  /** Keep the hash after each event. */
  readonly withTrace?: boolean;
  /** Is told of each event of the timeline. */
  readonly onEvent?: (event: TimelineEvent) => void;
}

const DEFAULT_NODES = 3;
const FAST_LEASE_TTL_MS = 3_000;

/** Runs one test once, in a world made from the seed. Never rejects. */
export async function runSeed(plan: SimulationPlan, test: SimulationTestRecord, seed: number, options: RunSeedOptions): Promise<SeedResult> {
  const { type } = plan;
  const { nodes = DEFAULT_NODES, clients = 1, chaos = 'default', leaseTtlMs = FAST_LEASE_TTL_MS, virtualLimitMs, realLimitMs } = test.options;
  const startedAt = options.realTime.now();
  const world = new World(seed);
  if (options.withTrace === true) world.timeline.trace = [];
  if (options.onEvent !== undefined) world.timeline.subscribe(options.onEvent);
  const namespace = type.namespace ?? 'simulation';
  const application = { namespace, actors: type.actors ?? [], modules: type.modules ?? [], leaseTtlMs };
  const cluster = new SimulatedCluster(world, application, drawChaos(chaos, world.random), nodes);
  const instance = new type() as Record<string, (argument: unknown) => unknown>;
  watchHistory(world, [new OneTurnAtATime(), new SingleActivation(), new NoStaleWrite(), new AcknowledgedIsDurable()]);
  const check = checkInvariants(plan.invariants, instance, new ClusterView(world, cluster.store, namespace), world);
  let error: unknown;
  try {
    await runWorld(
      world,
      async () => {
        await cluster.start(clients);
        await instance[test.method]?.(cluster);
      },
      {
        realTime: options.realTime,
        check,
        budget: {
          ...(virtualLimitMs === undefined ? {} : { virtualMs: virtualLimitMs }),
          ...(realLimitMs === undefined ? {} : { realMs: realLimitMs }),
        },
      },
    );
  } catch (failure) {
    error = failure ?? new MoonpoolError('SIMULATION_FAILED', { message: 'The test was rejected without an error' });
  }
  const { timeline } = world;
  return {
    seed,
    error,
    hash: timeline.hash,
    events: world.eventCount,
    virtualMs: world.now,
    realMs: options.realTime.now() - startedAt,
    coverage: cluster.coverage,
    lastEvents: timeline.last(timeline.length),
    trace: timeline.trace,
  };
}

/** The properties that every cluster must have, whatever the application. */
function watchHistory(world: World, invariants: readonly HistoryInvariant[]): void {
  world.timeline.subscribe((event) => {
    for (const invariant of invariants) {
      const wrong = invariant.observe(event);
      if (wrong !== undefined) world.fail(new MoonpoolError('SIMULATION_FAILED', { message: `The invariant '${invariant.name}' does not hold: ${wrong}` }));
    }
  });
}

/** The invariants of the class: those that name events are checked after these, the others after every event. */
function checkInvariants(
  records: readonly InvariantRecord[],
  instance: Record<string, (argument: unknown) => unknown>,
  view: ClusterView,
  world: World,
): () => void {
  const evaluate = ({ method }: InvariantRecord): void => {
    try {
      instance[method]?.(view);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      world.fail(new MoonpoolError('SIMULATION_FAILED', { message: `The invariant '${method}' does not hold: ${found}`, cause }));
    }
  };
  const always = records.filter(({ after }) => after === undefined);
  const named = records.filter(({ after }) => after !== undefined);
  world.timeline.subscribe((event) => {
    view.event = event;
    for (const record of named) if (record.after?.includes(event.name) === true) evaluate(record);
  });
  return () => {
    for (const record of always) evaluate(record);
  };
}
