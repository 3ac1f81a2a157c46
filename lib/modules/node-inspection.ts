import type { CatalogState } from '../activation/catalog-state';
import type { CallCounters } from '../calls/call-counters';
import type { DirectoryState } from '../directory/directory-port';
import type { DELIVERY_METRICS, STATE_METRICS } from '../observability/metric-catalogue';
import type { Bound, Totals } from '../observability/metrics';
import type { PlainState } from '../observability/state-registry';
import type { LocalSystemState } from '../local-system/local-system';
import type { ProcessRole } from '../identity/local-node';
import type { TransportDescription } from '../transport/transport-description';

/**
 * What a process says of itself at present, part by part. A type and no interface, as its parts are, so that it is plain
 * state to the compiler. A part that cannot be read is `{ error }` instead.
 */
export type NodeInspection = {
  /** Who it is. `state`: whether it takes calls. */
  readonly node: {
    readonly name: string;
    readonly role: ProcessRole;
    readonly address: string;
    readonly state: string;
  };
  /** The calls that it has made since it started, those that wait for an answer, and answers that came too late; requests of others that came behind their deadlines; and calls held back from whoever refused others. */
  readonly calls: Totals<CallCounters> & {
    readonly pending: number;
    readonly lateRequests: number;
    readonly heldBack: number;
  };
  /** What is kept for calls under way, and of connections that are gone: nothing of it when there is nothing to be done. */
  readonly kept: Readonly<
    Record<
      | 'awaitedAnswers'
      | 'watchedCalls'
      | 'routes'
      | 'locating'
      | 'cancellableRequests'
      | 'rejectedActors'
      | 'goneConnections',
      number
    >
  >;
  /** The places of actors that it remembers, and how often it had to ask. */
  readonly locations: {
    readonly known: number;
    readonly capacity: number;
    readonly found: number;
    readonly missed: number;
  };
  readonly membership: {
    readonly version: number;
    readonly members: readonly {
      readonly node: string;
      readonly address: string;
      readonly status: string;
      readonly load: number;
      readonly labels: Readonly<Record<string, string>>;
      /** The versions of the actor classes that it hosts, by their wire names; those of version 1 are left out. */
      readonly actorVersions: Readonly<Record<string, number>>;
      /** The members that it has not reached for as long as `lease.isolationMs`, when it last renewed its lease. */
      readonly unreached: readonly string[];
    }[];
  };
  /** Its connections, by address, and calls that needed none. */
  readonly peers: TransportDescription & { readonly callsInProcess: number };
  /** What was refused or dropped, by kind. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly localActors: LocalSystemState;
  /** Of a node: whether it may serve at present. */
  readonly lease?: { readonly held: boolean };
  /** Of a node: the actors in its memory, their mailboxes and turns. */
  readonly activations?: CatalogState;
  /** Of a node: where the directory is, and what this node keeps of it. */
  readonly directory?: DirectoryState;
  /** Of a node: what it has done with durable states. */
  readonly states?: Totals<Bound<typeof STATE_METRICS>>;
  /** Messages that must arrive: how many this node is making, for how many milliseconds the longest of its part had been due, and what has become of those before. */
  readonly deliveries?: Totals<Bound<typeof DELIVERY_METRICS>> & { readonly underWay: number; readonly lateMs: number };
  /** What the application publishes with `StateRegistry`. */
  readonly [published: string]: PlainState | undefined;
};
