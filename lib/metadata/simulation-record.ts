import 'reflect-metadata';

/**
 * Which seeds are run: so many from 1 on, a range with both ends, a list, or as many as it takes until every `sometimes`
 * was true and ten seeds brought nothing new, at most 1,000.
 */
export type SeedSelection = number | { readonly from: number; readonly to: number } | readonly number[] | 'until-covered';

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

/** What `@SimulationTest` notes about a method. */
export interface SimulationTestRecord {
  readonly method: string;
  readonly seeds: SeedSelection;
  readonly options: SimulationOptions;
  readonly isStatic: boolean;
}

/** What `@Invariant` notes about a method. */
export interface InvariantRecord {
  readonly method: string;
  readonly isStatic: boolean;
  /** The names of the events after which it is checked; undefined for all events. */
  readonly after: readonly string[] | undefined;
}

/** Is told of each test when it is declared. */
export type SimulationTestListener = (type: object, record: SimulationTestRecord) => void;

const TESTS = Symbol.for('moonpool:simulation-tests');
const INVARIANTS = Symbol.for('moonpool:invariants');
const listeners: SimulationTestListener[] = [];
/** What is being collected; undefined while nobody collects. */
let collection: Set<object> | undefined;

export function noteSimulationTest(type: object, record: SimulationTestRecord): void {
  Reflect.defineMetadata(TESTS, [...simulationTestsOf(type), record], type);
  if (collection !== undefined) collection.add(type);
  else for (const listener of listeners) listener(type, record);
}

export function noteInvariant(type: object, record: InvariantRecord): void {
  Reflect.defineMetadata(INVARIANTS, [...invariantsOf(type), record], type);
}

export function simulationTestsOf(type: object): readonly SimulationTestRecord[] {
  return (Reflect.getMetadata(TESTS, type) as SimulationTestRecord[] | undefined) ?? [];
}

export function invariantsOf(type: object): readonly InvariantRecord[] {
  return (Reflect.getMetadata(INVARIANTS, type) as InvariantRecord[] | undefined) ?? [];
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
