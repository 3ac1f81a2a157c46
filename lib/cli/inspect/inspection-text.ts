import picocolors from 'picocolors';
import type { NodeInspection } from '../../modules/node-inspection';
import type { ClusterInspection, InspectedMember } from './cluster-inspection';
import { tableLines } from './text-table';

const HEADINGS = [
  'node',
  'address',
  'status',
  'state',
  'lease',
  'view',
  'actors',
  'turns',
  'oldest',
  'waiting',
  'pending',
  'failed',
  'deliveries',
  'answered',
];

/**
 * A cluster for people: a line for each member, and below it what those that are named say of themselves.
 * @param detailed whose parts are shown, by `name#incarnation`.
 */
export function describeCluster(cluster: ClusterInspection, detailed: ReadonlySet<string>): string {
  const { namespace, seenFrom, view, members } = cluster;
  const living = members.filter(({ status }) => status !== 'dead').length;
  const title = `${namespace}: view ${view} of ${seenFrom}, ${living} ${living === 1 ? 'node' : 'nodes'}`;
  const [headings = '', ...rows] = tableLines([HEADINGS, ...members.map(rowOf)]);
  const lines = [
    picocolors.bold(title),
    '',
    picocolors.dim(headings),
    ...rows.map((row, at) => colour(row, members[at])),
  ];
  for (const { node, failure } of members)
    if (failure !== undefined) lines.push(picocolors.red(`${node} does not answer: ${failure}`));
  for (const { node, inspection } of members) {
    if (inspection === undefined || !detailed.has(node)) continue;
    lines.push('', picocolors.bold(node), ...partsOf(inspection));
  }
  return `${lines.join('\n')}\n`;
}

function rowOf({ node, address, status, inspection, answeredInMs }: InspectedMember): readonly string[] {
  if (inspection === undefined) return [node, address, status];
  const { node: own, lease, membership, activations, calls, deliveries } = inspection;
  return [
    node,
    address,
    status,
    own.state,
    lease === undefined ? '' : lease.held ? 'held' : 'lost',
    String(membership.version),
    count(activations?.count),
    count(activations?.turns.count),
    milliseconds(activations?.turns.longestMs),
    count(activations?.waiting),
    count(calls.pending),
    count(calls.failed),
    count(deliveries?.underWay),
    milliseconds(answeredInMs),
  ];
}

/** Who cannot serve stands out. */
function colour(row: string, member: InspectedMember | undefined): string {
  if (member?.status === 'dead') return picocolors.dim(row);
  const { inspection } = member ?? {};
  if (inspection === undefined || inspection.lease?.held === false || inspection.node.state !== 'ready')
    return picocolors.red(row);
  return row;
}

/** What a node says of its parts, a line for each fact. */
function partsOf(inspection: NodeInspection): readonly string[] {
  const { activations, directory, peers, refusals, deliveries, states, locations, membership, node } = inspection;
  const own = membership.members.find((member) => member.node === node.name);
  return [
    ...part('labels', pairs(own?.labels ?? {})),
    ...part('reaches not', own?.unreached ?? []),
    ...part('actors', figures(activations?.byType ?? {})),
    ...part(
      'longest',
      (activations?.longest ?? []).map(({ actor, waiting }) => `${actor} ${count(waiting)} waiting`),
    ),
    ...part('directory', directory === undefined ? [] : [directoryOf(directory)]),
    ...part('locations', [
      `${count(locations.known)} of ${count(locations.capacity)} known, ${count(locations.found)} found, ${count(locations.missed)} asked for`,
    ]),
    ...part('writes', inOneLine(figures(states ?? {}))),
    ...part('deliveries', inOneLine(figures(deliveries ?? {}))),
    ...part(
      'peers',
      Object.entries(peers.outgoing).map(([address, peer]) => peerOf(address, peer)),
    ),
    ...part('refused', figures(refusals)),
  ];
}

type Directory = NonNullable<NodeInspection['directory']>;

function directoryOf(directory: Directory): string {
  if (directory.kind === 'stored') return 'in the store';
  const { view, owned, held, registrations } = directory;
  return `among the nodes, view ${view}: ${count(registrations)} registrations in ${count(held)} of its ${count(owned)} ranges`;
}

type Peer = NodeInspection['peers']['outgoing'][string];

function peerOf(address: string, { state, link, remote, queuedBytes, roundTripMs }: Peer): string {
  const route = link === null ? state : `${state} by ${link}`;
  const who = remote === null ? '' : `, ${remote}`;
  const trip = roundTripMs === null ? '' : `, round trip ${milliseconds(roundTripMs)}`;
  return `${address} ${route}${who}, ${count(queuedBytes)} bytes queued${trip}`;
}

/** The name of a part stands beside its first line. A part of which there is nothing to be said is left out. */
function part(name: string, facts: readonly string[]): readonly string[] {
  return facts.map((fact, at) => `  ${(at === 0 ? name : '').padEnd(12)}${fact}`);
}

function pairs(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}

/** Figures by name, of which those that are 0 are not worth a word. */
function figures(values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(values)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0)
    .map(([name, value]) => `${name} ${count(value)}`);
}

function inOneLine(facts: readonly string[]): readonly string[] {
  return facts.length === 0 ? [] : [facts.join(', ')];
}

function count(value: number | undefined): string {
  return value === undefined ? '' : Math.round(value).toLocaleString('en-US');
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '' : `${Math.round(value * 10) / 10} ms`;
}
