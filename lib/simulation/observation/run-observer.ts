import { MoonpoolError } from '../../errors/moonpool-error';
import type { ActorClass } from '../../actor/actor-reference';
import type { StateRegistry } from '../../observability/state-registry';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { SimulatedNetwork } from '../network/simulated-network';

/** A process of the cluster that runs. */
export interface ObservedProcess {
  readonly name: string;
  /** What is published on it. */
  readonly registry: StateRegistry;
}

/** The processes of a cluster, as those who look at a run see them. */
export interface ObservedProcesses {
  /** All that the cluster has started and that run. */
  running(): readonly ObservedProcess[];
  /** True when this life of the node runs and may take turns, by its own clock. */
  holdsLease(node: string, generation: number): boolean;
  /** The classes of all releases that the cluster was given, its modules' among them. */
  actors(): readonly ActorClass[];
  /** True for the name of a client, or of a host of the test; false for a node. */
  isClient(name: string): boolean;
  /** What is published on the node; undefined while it does not run. */
  registryOf(node: string): StateRegistry | undefined;
}

/** A run as its observers see it: they look, and neither the cluster nor the seed's way notices. */
export interface ObservedRun {
  readonly engine: SimulationEngine;
  readonly network: SimulatedNetwork;
  /** There are none before the first event. */
  readonly processes: ObservedProcesses;
  /** Lets virtual time pass. Only for {@link RunObserver.findFault}: whoever waits earlier changes the run. */
  sleep(ms: number): Promise<void>;
}

/**
 * Looks at one run from its beginning to its end: an invariant, a recorder, a fence. Each run has observers of its own, in one
 * list; they are attached in its order, and those before see an event first.
 */
export interface RunObserver {
  /** Before the first event, and before there is a cluster: what shall be heard is subscribed to here. */
  attach(run: ObservedRun): void;
  /** The test begins. @param test the object whose method is called. */
  begin?(test: object): void;
  /** The test has passed, and the run goes on until this is settled: what is wrong all the same. */
  findFault?(): Promise<MoonpoolError | undefined> | MoonpoolError | undefined;
  /** The run is over, however it ended; called once, and only when {@link attach} has returned. */
  detach?(): void;
  /** What the run ends with, where the observer knows better. @param error undefined when it passed. */
  verdict?(error: unknown): unknown;
}

/** The error of a run that has broken an invariant. */
export function brokenInvariant(name: string, wrong: string, cause?: unknown): MoonpoolError {
  const message = `The invariant '${name}' does not hold: ${wrong}`;
  return new MoonpoolError('INVARIANT_BROKEN', { message, ...(cause === undefined ? {} : { cause }) });
}
