import { ACTIVATION_OPTIONS, type ActivationOptions } from '../activation/activation-options';
import type { ActorClass } from '../actor/actor-reference';
import { callFilter, type CallFilter } from '../actor/call-filter';
import { MESSAGING_OPTIONS, type MessagingOptions } from '../calls/messaging-options';
import { labelsOfNode, type Labels } from '../cluster/labels';
import { LEASE_OPTIONS, type LeaseOptions } from '../cluster/lease-options';
import { TRANSPORT_OPTIONS, type TransportOptions } from '../connection/transport-options';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../deliveries/delivery-options';
import { MAX_NAME_BYTES, type NodeRole } from '../identity/local-node';
import { SECURITY_OPTIONS, type SecurityOptions } from '../handshake/security-options';
import { checkName } from '../identity/actor-id';
import { parseAddress } from '../identity/network-address';
import { containerModule, type ContainerModule } from '../injection/container-module';
import { anything, checkedBy, flag, label, list, mandatory, type OptionKind } from '../options/option-kind';
import { wrongOption } from '../options/option-mistake';
import { group, optionTable } from '../options/option-table';
import { PERSISTENCE_OPTIONS, type PersistenceOptions } from '../persistence/persistence-options';
import type { ProcessSignal } from '../providers/host-provider';
import { shutdownSignals } from './shutdown-signals';
import { startupTask, type StartupTask } from './startup-tasks';

/** What a process that calls actors is given. */
export interface ConnectOptions {
  /** The name of the application: part of every actor id, and the name of the cluster. */
  readonly namespace: string;
  /** The name of this process, for messages. Default: `client`. */
  readonly name?: string;
  /** The actor classes that this process knows. */
  readonly actors: readonly ActorClass[];
  /** The classes of observers that this process knows: those whose objects it has, and those that its actors call. Default: none. */
  readonly observers?: readonly ActorClass[];
  /**
   * Container modules; later ones win. They come after the defaults: the providers of Node.js, state and cluster in
   * memory, JSON.
   */
  readonly modules?: readonly ContainerModule[];
  /** How long leases last; all nodes of a cluster and their clients are told the same. */
  readonly lease?: Partial<LeaseOptions>;
  readonly messaging?: Partial<MessagingOptions>;
  readonly transport?: Partial<TransportOptions>;
  /** How messages that must arrive are delivered. */
  readonly deliveries?: Partial<DeliveryOptions>;
  /** Whom this process lets in: cluster secret and TLS; the same for all nodes of a cluster and their clients. */
  readonly security?: SecurityOptions;
  /** Stand around every call that this process makes, the first outermost. */
  readonly outgoing?: readonly CallFilter[];
  /** Stand around every call that actors of this node, or observers of this process, serve, the first outermost. */
  readonly incoming?: readonly CallFilter[];
  /**
   * Whether calls to nodes of this very process go from object to object, without a connection and without bytes. Default:
   * true. What is passed is copied, or frozen where handlers share, as for any other call.
   */
  readonly inProcess?: boolean;
  /**
   * Signals with the first of which this process shuts down in order, also while it starts: then when it has started. A second one ends it at once. Default: none;
   * see `runtime.shutdownOn`.
   */
  readonly shutdownOn?: readonly ProcessSignal[];
}

/** What a node is given: a process that hosts actors. */
export interface StartOptions extends ConnectOptions {
  /**
   * The name of the node, which it keeps over restarts; a process that starts under the name of another one takes its place. Default: the
   * name of the machine and a random number, logged: a new one at each start, so the states of static actors need a given name.
   */
  readonly name?: string;
  /** Where to listen: `host:port` (port 0 takes a free one) or `unix:/path`. Default: `127.0.0.1:0`. */
  readonly listen?: string;
  /**
   * Where others reach this node, when that is not where it listens: a host, or `host:port`. Needed with `listen: '0.0.0.0:...'`, and
   * behind a translation of addresses. Default: where it listens.
   */
  readonly advertise?: string;
  /**
   * What placement and people know of this node, by names: `{ zone: 'a' }`. At most 32. Default: none.
   */
  readonly labels?: Labels;
  readonly activation?: Partial<ActivationOptions>;
  /** How much of actors is kept, and for how long; the same for all nodes of a cluster. */
  readonly persistence?: Partial<PersistenceOptions>;
  /**
   * Run one after another when the node has joined its cluster, before `start` resolves; what they return is run first at
   * shutdown, the last first. When one fails, so does the start.
   */
  readonly startup?: readonly StartupTask[];
}

/** A class, which is there when the list is made. */
function imported(wanted: string): OptionKind<unknown> {
  const remedy =
    'An import cycle may have left it undefined: list the classes in a file that imports theirs and is imported by none of them.';
  const mistakesIn: OptionKind<unknown>['mistakesIn'] = (value, place) =>
    value === undefined ? [{ ...wrongOption(place, wanted, value), remedy }] : [];
  return { wanted, mistakesIn };
}

/** One table for nodes and clients: what is for nodes only a client leaves alone, so that both may be given one object. */
export const START_OPTIONS = optionTable<StartOptions>({
  namespace: mandatory(checkedBy('the name of the application', (value) => checkName('namespace', value as string))),
  name: label(MAX_NAME_BYTES),
  // What stands in the list is looked at with the declarations of the classes.
  actors: mandatory(list('a list of actor classes', imported('an actor class'))),
  observers: list('a list of observer classes', imported('a class of observers')),
  modules: list('a list of container modules', containerModule),
  lease: group(LEASE_OPTIONS),
  messaging: group(MESSAGING_OPTIONS),
  transport: group(TRANSPORT_OPTIONS),
  deliveries: group(DELIVERY_OPTIONS),
  security: group(SECURITY_OPTIONS),
  outgoing: list('a list of functions (call, next) => ...', callFilter),
  inProcess: flag(),
  shutdownOn: shutdownSignals,
  listen: checkedBy('an address', (value) => void parseAddress(value as string)),
  // What it says is looked at with the address that is listened on.
  advertise: anything,
  labels: labelsOfNode,
  activation: group(ACTIVATION_OPTIONS),
  persistence: group(PERSISTENCE_OPTIONS),
  incoming: list('a list of functions (call, next) => ...', callFilter),
  startup: list('a list of tasks { name, run(node) }', startupTask),
});

/** @throws MoonpoolError INVALID_OPTION, INVALID_ACTOR_ID, INVALID_ADDRESS */
export function checkOptions(role: NodeRole, options: unknown): void {
  START_OPTIONS.check(role === 'node' ? 'ActorRuntime.start' : 'ActorRuntime.connect', options);
}
