import { DEFAULT_ACTIVATION_OPTIONS, type ActivationOptions } from '../activation/activation-options';
import type { ActorClass } from '../actor/actor-reference';
import type { CallFilter } from '../actor/call-filter';
import { DEFAULT_LEASE_OPTIONS, type LeaseOptions } from '../cluster/lease-options';
import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { unknownOption } from '../errors/unknown-option';
import { checkName } from '../identity/actor-id';
import type { ContainerModule } from '../injection/container-module';
import { DEFAULT_MESSAGING_OPTIONS, type MessagingOptions } from '../calls/messaging-options';
import { checkSecurity, type SecurityOptions } from '../handshake/security-options';
import { DEFAULT_TRANSPORT_OPTIONS, type TransportOptions } from '../connection/transport-options';
import type { StartupTask } from './startup-tasks';

/** What a process that calls actors is told. */
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
  /** Whom this process lets in: cluster secret and TLS; the same for all nodes of a cluster and their clients. */
  readonly security?: SecurityOptions;
  /** Stand around every call that this process makes, the first outermost. */
  readonly outgoing?: readonly CallFilter[];
  /**
   * Whether calls to nodes of this very process go from object to object, without a connection and without bytes. Default:
   * true. What is passed is copied, or frozen where handlers share, as for any other call.
   */
  readonly inProcess?: boolean;
}

/** What a node is told: a process that hosts actors. */
export interface StartOptions extends ConnectOptions {
  /**
   * The name of the node, which it keeps over restarts; a process that starts under the name of another one takes its place. Default: the
   * name of the machine and a random number, told in the log: a new one at each start, so the states of static actors need a given name.
   */
  readonly name?: string;
  /** Where to listen: `host:port` (port 0 takes a free one) or `unix:/path`. Default: `127.0.0.1:0`. */
  readonly listen?: string;
  /**
   * Where others reach this node, when that is not where it listens: a host, or `host:port`. Needed with `listen: '0.0.0.0:...'`, and
   * behind a translation of addresses. Default: where it listens.
   */
  readonly advertise?: string;
  readonly activation?: Partial<ActivationOptions>;
  /** Stand around every call that actors of this node serve, the first outermost. */
  readonly incoming?: readonly CallFilter[];
  /**
   * Run one after another when the node has joined its cluster, before `start` resolves; what they return is run first at
   * shutdown, the last first. When one fails, so does the start.
   */
  readonly startup?: readonly StartupTask[];
}

/** @throws MoonpoolError INVALID_OPTION, INVALID_ACTOR_ID */
export function checkOptions(options: ConnectOptions): void {
  checkName('namespace', options.namespace);
  if (!Array.isArray(options.actors)) throw refusal('actors', options.actors, 'a list of actor classes');
  if (options.observers !== undefined && !Array.isArray(options.observers)) throw refusal('observers', options.observers, 'a list of observer classes');
  checkNumbers('lease', options.lease, DEFAULT_LEASE_OPTIONS);
  checkNumbers('messaging', options.messaging, DEFAULT_MESSAGING_OPTIONS);
  checkNumbers('transport', options.transport, DEFAULT_TRANSPORT_OPTIONS);
  const { localSocketFolder } = options.transport ?? {};
  const isFolder = localSocketFolder === undefined || (typeof localSocketFolder === 'string' && localSocketFolder.length > 0);
  if (!isFolder) throw refusal('transport.localSocketFolder', localSocketFolder, 'the path of a folder');
  checkSecurity(options.security);
  checkNumbers('activation', (options as StartOptions).activation, DEFAULT_ACTIVATION_OPTIONS);
  checkFilters('outgoing', options.outgoing);
  checkFilters('incoming', (options as StartOptions).incoming);
  const { startup = [] } = options as StartOptions;
  const areTasks = Array.isArray(startup) && startup.every((task: Partial<StartupTask> | undefined) => typeof task?.name === 'string' && typeof task.run === 'function');
  if (!areTasks) throw refusal('startup', startup, 'a list of tasks { name, run(node) }');
}

/** Of a group whose options are numbers but for one, which is looked at elsewhere. A name that is written wrongly would change nothing and say nothing. */
function checkNumbers(group: string, values: unknown, defaults: object): void {
  if (values === undefined) return;
  if (typeof values !== 'object' || values === null) throw refusal(group, values, 'an object');
  const known = Object.keys(defaults);
  for (const [name, value] of Object.entries(values)) {
    if (!known.includes(name)) throw unknownOption(group, name, known);
    if (name === 'localSocketFolder') continue;
    const isCount = typeof value === 'number' && Number.isFinite(value) && value >= 0;
    if (!isCount) throw refusal(`${group}.${name}`, value, 'a number that is not negative');
  }
}

function checkFilters(option: string, filters: readonly CallFilter[] | undefined): void {
  const areFilters = filters === undefined || (Array.isArray(filters) && filters.every((filter) => typeof filter === 'function'));
  if (!areFilters) throw refusal(option, filters, 'a list of functions (call, next) => ...');
}

function refusal(option: string, found: unknown, wanted: string): MoonpoolError {
  return new MoonpoolError('INVALID_OPTION', { message: `The option ${option} must be ${wanted}; ${describeValue(found)} was given` });
}
