import 'reflect-metadata';
import { anyOf, choice, count, duration, list, mandatory, text, type OptionKind } from '../options/option-kind';
import type { OptionMistake, OptionPlace } from '../options/option-mistake';
import { optionTable } from '../options/option-table';
import { appendRecord, collectRecords } from './metadata-store';

/**
 * Which seeds are run: so many from 1 on, a range with both ends, a list, or as many as it takes until every `sometimes`
 * was true and ten seeds brought nothing new, at most 1,000.
 */
export type SeedSelection =
  | number
  | { readonly from: number; readonly to: number }
  | readonly number[]
  | 'until-covered';

/** So many clients and so many servers, all at the same distance. */
export interface GridTopology {
  readonly clients: number;
  readonly servers: number;
}

/**
 * A cluster that is spread over places. Each count is how many there are in the next larger place. Under hostile
 * chaos distances have latencies of their own; the processes of a machine lose power together; every place is a tag by which nodes
 * can be chosen.
 */
export interface HierarchyTopology {
  /** Default: 1. */
  readonly datacenters?: number;
  /** Zones in each datacenter. Default: 1. */
  readonly zones?: number;
  /** Machines in each zone. Default: 1. */
  readonly machines?: number;
  /** Nodes on each machine. Default: 1. */
  readonly processes?: number;
  /** Clients, on machines of their own in one zone after the other. Default: the option `clients`. */
  readonly clients?: number;
}

/** Which nodes and clients there are, and where they stand. */
export type Topology = GridTopology | HierarchyTopology;

/** The options of `@SimulationTest`. Times are in milliseconds. */
export interface SimulationOptions {
  /** How many nodes the cluster has. Default: 3. With 0, and 0 clients, there is no cluster: the test adds hosts. */
  readonly nodes?: number;
  /** How many clients are connected when the test begins. Default: 1. */
  readonly clients?: number;
  /** The shape of the cluster, in place of `nodes`: `grid(clients, servers)`, or places within places. */
  readonly topology?: Topology;
  /** How hard the world is. Default: `default`. */
  readonly chaos?: 'calm' | 'default' | 'hostile';
  /** How many nodes may be down at once by chance. Default: all but one. */
  readonly maxDead?: number;
  /** How long leases last. Default: 3,000, the fast profile. */
  readonly leaseTtlMs?: number;
  /** How much virtual time a seed may take. Default: 3,600,000. */
  readonly virtualLimitMs?: number;
  /** How much real time a seed may take. Default: 60,000. */
  readonly realLimitMs?: number;
  /** Whether a `sometimes` that no seed fired fails the test, or is only reported. Default: `require`. */
  readonly coverage?: 'require' | 'report';
  /**
   * What becomes of code that asks the surrounding world, `Date.now()` for instance. `report`: clocks, timers and randomness
   * are answered by the simulated world, and the seed fails at its end with all places. `refuse`: they throw. `off`: nothing
   * is looked at. Files, sockets, processes and threads throw in any case but the last. Default: `report`.
   */
  readonly fence?: 'report' | 'refuse' | 'off';
}

const HIERARCHY_OPTIONS = optionTable<HierarchyTopology>({
  datacenters: count(1),
  zones: count(1),
  machines: count(1),
  processes: count(1),
  clients: count(1),
});

const GRID_OPTIONS = optionTable<GridTopology>({ clients: mandatory(count(1)), servers: mandatory(count(1)) });

/** A grid is recognized by its servers. */
const topology: OptionKind<Topology> = {
  wanted: 'grid(clients, servers), or counts of places within places',
  mistakesIn: (value, place) =>
    (typeof value === 'object' && value !== null && 'servers' in value ? GRID_OPTIONS : HIERARCHY_OPTIONS).mistakesIn(
      value,
      place,
    ),
};

export const chaosLevel = choice('calm', 'default', 'hostile');

export const SIMULATION_OPTIONS = optionTable<SimulationOptions>(
  {
    nodes: count(0),
    clients: count(0),
    topology,
    chaos: chaosLevel,
    maxDead: count(0),
    leaseTtlMs: duration(),
    virtualLimitMs: duration(),
    realLimitMs: duration(),
    coverage: choice('require', 'report'),
    fence: choice('report', 'refuse', 'off'),
  },
  { together: sizesThatDisagree },
);

/** A world of hosts alone has neither nodes nor clients; any other cluster needs a node. */
function sizesThatDisagree(
  { nodes, clients, topology: shape }: SimulationOptions,
  { door }: OptionPlace,
): OptionMistake | undefined {
  if (nodes !== undefined && shape !== undefined)
    return { message: `${door} has both the options nodes and topology`, remedy: 'Keep one of them.' };
  if (nodes === 0 && clients !== 0)
    return {
      message: `${door} asks for a cluster without nodes`,
      remedy: 'Give it one at least; a world of hosts alone has `nodes: 0` and `clients: 0`.',
    };
  return undefined;
}

function isSeed(seed: unknown): boolean {
  return Number.isSafeInteger(seed) && (seed as number) >= 0;
}

/** Which seeds may be asked for: one at least, for a test that is never run would pass. */
export const seedSelection: OptionKind<SeedSelection> = anyOf(
  "a number of seeds above 0, { from, to } with `from` not above `to`, a list of whole numbers that is not empty, or 'until-covered'",
  (seeds) => {
    if (Array.isArray(seeds)) return seeds.length > 0 && Array.from(seeds as readonly unknown[]).every(isSeed);
    if (typeof seeds === 'number') return isSeed(seeds) && seeds > 0;
    if (typeof seeds !== 'object' || seeds === null) return seeds === 'until-covered';
    const { from, to, ...more } = seeds as Record<string, unknown>;
    return isSeed(from) && isSeed(to) && (from as number) <= (to as number) && Object.keys(more).length === 0;
  },
);

/** What `@SimulationTest` notes about a method. */
export interface SimulationTestRecord {
  readonly method: string;
  readonly seeds: SeedSelection;
  readonly options: SimulationOptions;
  readonly isStaticMember: boolean;
}

/** The options of `@Invariant`. */
export interface InvariantOptions {
  /** The names of the events after which it is checked. Default: after every event of the world. */
  readonly after?: readonly string[];
}

export const INVARIANT_OPTIONS = optionTable<InvariantOptions>(
  { after: list('a list of names of events', text('the name of an event')) },
  {
    together: ({ after }, { door }) =>
      after?.length === 0
        ? {
            message: `The list after of ${door} is empty, so that it would never be checked`,
            remedy: 'Name an event, or leave the list out.',
          }
        : undefined,
  },
);

/** What `@Invariant` notes about a method. */
export interface InvariantRecord {
  readonly method: string;
  readonly isStaticMember: boolean;
  readonly options: InvariantOptions;
}

/** Is notified of each test when it is declared. */
export type SimulationTestListener = (type: object, record: SimulationTestRecord) => void;

const TESTS = Symbol.for('moonpool:simulation-tests');
const INVARIANTS = Symbol.for('moonpool:invariants');
const PLANNED = Symbol.for('moonpool:simulation-planned');
const listeners: SimulationTestListener[] = [];
/** What is being collected; undefined while nobody collects. */
let collection: Set<object> | undefined;

export function noteSimulationTest(type: object, record: SimulationTestRecord): void {
  appendRecord(TESTS, type, record);
  if (collection !== undefined) collection.add(type);
  else for (const listener of listeners) listener(type, record);
}

export function noteInvariant(type: object, record: InvariantRecord): void {
  appendRecord(INVARIANTS, type, record);
}

/** Somebody is about to run the class, or has declared it to a runner of tests; those that it extends are then run as well. */
export function noteSimulationPlanned(type: object): void {
  for (let at: object | null = type; typeof at === 'function'; at = Object.getPrototypeOf(at) as object | null)
    if (at !== Function.prototype) Reflect.defineMetadata(PLANNED, true, at);
}

/** See {@link noteSimulationPlanned}. */
export function isSimulationPlanned(type: object): boolean {
  return Reflect.hasOwnMetadata(PLANNED, type);
}

/** The tests of the class and of those that it extends, base classes first. */
export function simulationTestsOf(type: object): readonly SimulationTestRecord[] {
  return overridden(collectRecords<SimulationTestRecord>(TESTS, type));
}

/** The invariants of the class and of those that it extends, base classes first. */
export function invariantsOf(type: object): readonly InvariantRecord[] {
  return overridden(collectRecords<InvariantRecord>(INVARIANTS, type));
}

/** One record for each method: where a subclass has a decorator of its own, what that says. */
function overridden<R extends { readonly method: string }>(records: readonly R[]): readonly R[] {
  return [...new Map(records.map((record) => [record.method, record])).values()];
}

/**
 * Has the listener told of every test declared from now on: so a test runner picks them up while it loads files. Returns
 * the function that ends this.
 */
export function onSimulationTest(listener: SimulationTestListener): () => void {
  listeners.push(listener);
  return () => {
    const index = listeners.indexOf(listener);
    if (index >= 0) listeners.splice(index, 1);
  };
}

/**
 * The classes whose tests are declared while `load` runs, in their order. The listeners are not told of them: whoever
 * collects runs them by himself.
 */
export function collectSimulationTests(load: () => void): readonly object[] {
  const before = collection;
  const found = new Set<object>();
  collection = found;
  try {
    load();
  } finally {
    collection = before;
  }
  return [...found];
}

/** Adds the class to what is being collected. Returns false when nobody collects. */
export function collectTestsOf(type: object): boolean {
  collection?.add(type);
  return collection !== undefined;
}
