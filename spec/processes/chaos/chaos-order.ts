import { parseArgs } from 'node:util';
import { MoonpoolError } from '../../../lib/errors/moonpool-error';
import { readWholeNumber } from '../../campaign/whole-number';
import { NETWORK_KINDS, type NetworkKind } from './chaos-network';
import { FAULT_KINDS, type FaultKind } from './fault-plan';

export type EngineName = 'sqlite' | 'postgres';

/** What a campaign was asked for. */
export interface ChaosOrder {
  /** Decides what the nemesis does, and what is asked for. */
  readonly seed: number;
  /** How long faults go on for each store. */
  readonly minutes: number;
  /** One after the other. */
  readonly stores: readonly EngineName[];
  /** One after the other, for each store; those that this machine has not are left out. */
  readonly networks: readonly NetworkKind[];
  readonly nodes: number;
  readonly clients: number;
  readonly kinds: readonly FaultKind[];
  /** So many rolling restarts and nothing else, for each store, in which no call may fail; undefined: faults by the clock. */
  readonly restarts: number | undefined;
  /** Nodes acknowledge what is not durable, and the campaign fails unless that is found. */
  readonly isControl: boolean;
  /** Histories are kept though nothing was found. */
  readonly keepsHistories: boolean;
}

const ENGINES: readonly EngineName[] = ['sqlite', 'postgres'];
const NETWORKS = Object.keys(NETWORK_KINDS) as readonly NetworkKind[];
const KINDS = Object.keys(FAULT_KINDS) as readonly FaultKind[];
/** In a cluster of fewer there are no others to cut a node off from; more are too much for one machine. */
const [LEAST_NODES, MOST_NODES] = [3, 5];

export const USAGE =
  'npm run chaos -- [--seed N] [--minutes M] [--store sqlite|postgres|all] [--network proxies|namespaces|all] [--nodes 3-5] [--clients N] [--only KIND,KIND] [--restarts N] [--control] [--keep] [--help]';

/** What is done to a server, or to the way there. */
const NEED_SERVER: readonly FaultKind[] = ['store', 'server'];
/** What is done to cables. */
const NEED_NAMESPACES: readonly FaultKind[] = ['unplug'];

/** Which of the faults there are on this store and in this network. */
export function kindsOn(engine: EngineName, network: NetworkKind, kinds: readonly FaultKind[]): readonly FaultKind[] {
  return kinds.filter(
    (kind) =>
      (engine === 'postgres' || !NEED_SERVER.includes(kind)) &&
      (network === 'namespaces' || !NEED_NAMESPACES.includes(kind)),
  );
}

/** What `--help` prints. */
export const HELP = `${USAGE}

Runs real node processes under load, disturbs them, and has the histories of all processes judged by the checkers.

  --seed N      decides what the nemesis does: order, targets, times (default 1)
  --minutes M   for how long it does, for each store; fractions are fine (default 2)
  --store S     sqlite, postgres or all, one after the other (default all)
  --network W   proxies, namespaces or all, one after the other (default all, and proxies with --restarts); those that a machine has not are told
  --nodes N     node processes, from ${LEAST_NODES} to ${MOST_NODES}, each of which asks too (default ${LEAST_NODES})
  --clients N   client processes (default 2)
  --only KINDS  a list of ${KINDS.join(', ')}; ${NEED_SERVER.join(' and ')} need PostgreSQL, and ${NEED_NAMESPACES.join()} namespaces (default all)
  --restarts N  rolling restarts of all nodes, one after the other and nothing else, in place of --minutes and --only; a call that fails is a violation
  --control     nodes acknowledge writes before they are durable: fails unless the checkers find it
  --keep        the histories are kept though nothing was found
  --help        prints this

${KINDS.map((kind) => `  ${kind.padEnd(8)} ${FAULT_KINDS[kind]}`).join('\n')}

${NETWORKS.map((network) => `  ${network.padEnd(11)} ${NETWORK_KINDS[network]}`).join('\n')}

Ends with 1 for a violation, and for a history that could not be decided; those are kept. Moments are those that come: the same seed does the same
at the same times, and what happens then may differ.`;

/** Reads what follows `npm run chaos --`. @returns undefined for `--help`. @throws MoonpoolError INVALID_OPTION */
export function readChaosOrder(args: readonly string[]): ChaosOrder | undefined {
  const values = parseOptions(args);
  if (values.help === true) return undefined;
  const { store = 'all', nodes = String(LEAST_NODES), clients = '2', seed = '1', minutes = '2' } = values;
  const stores = ENGINES.filter((engine) => store === 'all' || store === engine);
  if (stores.length === 0) throw usage(`--store is '${store}'`);
  const { restarts, only, network = restarts === undefined ? 'all' : 'proxies' } = values;
  const networks = NETWORKS.filter((kind) => network === 'all' || network === kind);
  if (networks.length === 0) throw usage(`--network is '${network}'`);
  if (restarts !== undefined && (only ?? values.minutes) !== undefined)
    throw usage('there are --restarts, and --minutes or --only in their place');
  const kinds = readKinds(restarts === undefined ? only : 'restart', stores, networks);
  return {
    seed: readWholeNumber({ name: '--seed', text: seed, least: 0, most: 0xffff_ffff, usage: USAGE }),
    minutes: readMinutes(minutes),
    stores,
    networks,
    nodes: readWholeNumber({ name: '--nodes', text: nodes, least: LEAST_NODES, most: MOST_NODES, usage: USAGE }),
    clients: readWholeNumber({ name: '--clients', text: clients, least: 1, most: 16, usage: USAGE }),
    kinds,
    restarts: restarts === undefined ? undefined : readRestarts(restarts),
    isControl: values.control === true,
    keepsHistories: values.keep === true,
  };
}

/** The command that does the same again. */
export function repeatCommand(order: ChaosOrder): string {
  const { seed, minutes, stores, networks, nodes, clients, kinds, restarts, isControl } = order;
  const store = stores.length > 1 ? 'all' : stores.join();
  const network = networks.length > 1 ? 'all' : networks.join();
  const only = kinds.length === KINDS.length || restarts !== undefined ? '' : ` --only ${kinds.join()}`;
  const howLong = restarts === undefined ? `--minutes ${minutes}` : `--restarts ${restarts}`;
  const numbers = `--seed ${seed} ${howLong} --store ${store} --network ${network} --nodes ${nodes} --clients ${clients}`;
  return `npm run chaos -- ${numbers}${only}${isControl ? ' --control' : ''}`;
}

function readKinds(
  only: string | undefined,
  stores: readonly EngineName[],
  networks: readonly NetworkKind[],
): readonly FaultKind[] {
  const named = only?.split(',') ?? KINDS;
  const unknown = named.filter((name) => !KINDS.some((kind) => kind === name));
  if (unknown.length > 0) throw usage(`--only names '${unknown.join()}'`);
  const places = stores.flatMap((engine) => networks.map((network) => kindsOn(engine, network, named as FaultKind[])));
  if (places.every((kinds) => kinds.length === 0))
    throw usage(`there is no ${named.join(' and no ')} with --store ${stores.join()} and --network ${networks.join()}`);
  return KINDS.filter((kind) => named.includes(kind));
}

function readRestarts(text: string): number {
  return readWholeNumber({ name: '--restarts', text, least: 1, most: 10_000, usage: USAGE });
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && minutes > 0 && minutes <= 24 * 60) return minutes;
  throw usage(`--minutes is '${text}', which is no number of minutes up to a day`);
}

function parseOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ seed: { type: 'string' }, minutes: { type: 'string' }, store: { type: 'string' } },
        ...{ nodes: { type: 'string' }, clients: { type: 'string' }, only: { type: 'string' } },
        ...{ restarts: { type: 'string' }, network: { type: 'string' } },
        ...{ control: { type: 'boolean' }, keep: { type: 'boolean' }, help: { type: 'boolean' } },
      },
    });
    return values;
  } catch (cause) {
    throw usage(cause instanceof Error ? cause.message : String(cause));
  }
}

function usage(found: string): MoonpoolError {
  return new MoonpoolError('INVALID_OPTION', { message: found, remedy: `Write ${USAGE}.` });
}
