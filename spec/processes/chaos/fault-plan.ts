import type { RandomProvider } from 'moonpool';
import { Xoshiro128 } from '../../../lib/simulation/random/xoshiro128';
import type { Cut, Way } from './network-cut';

/** The faults of a campaign, and what each does. */
export const FAULT_KINDS = {
  kill: 'kill -9 of a node',
  stop: 'SIGSTOP of a node, SIGCONT past its lease',
  cut: 'connections of a pair, or of one node to all others, cut both ways',
  stall: 'one way of a pair, or both, held up with connections open',
  restart: 'rolling restart: SIGTERM and start again, node by node',
  store: 'a node held up on its way to the database server past its lease, connections open',
  server: 'kill -9 of the database server, and restart',
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

interface PlannedFault {
  /** When it begins, in milliseconds since the nemesis began; later while one of its kind still lasts. */
  readonly atMs: number;
}

/** What the nemesis does, and for how long, in milliseconds: `downMs` until a process is started again. */
export type Fault = PlannedFault &
  (
    | { readonly kind: 'kill'; readonly node: string; readonly downMs: number }
    | { readonly kind: 'stop' | 'store'; readonly node: string; readonly forMs: number }
    | { readonly kind: 'cut' | 'stall'; readonly cut: Cut; readonly forMs: number }
    | { readonly kind: 'restart'; readonly nodes: readonly string[] }
    | { readonly kind: 'server'; readonly downMs: number }
  );

/** What a plan is made for. */
export interface PlanOptions {
  /** A 32-bit word, which decides all. */
  readonly seed: number;
  /** No fault begins later, in milliseconds. */
  readonly forMs: number;
  readonly kinds: readonly FaultKind[];
  readonly nodes: readonly string[];
  readonly clients: readonly string[];
  readonly leaseMs: number;
}

/** How long it is quiet at first, and between a fault and the next one that does not overlap it, in milliseconds. */
const QUIET_MS = 1_500;
/** How often a fault begins while the one before lasts. */
const OVERLAP = 0.25;
/** How long a rolling restart is taken to last for each node, in milliseconds. */
const RESTART_MS = 1_200;

/** What the nemesis will do: the same for the same options. Each kind comes once before any comes again; there is one fault at least. */
export function planFaults(options: PlanOptions): readonly Fault[] {
  const random = new Xoshiro128(options.seed);
  const faults: Fault[] = [];
  let atMs = QUIET_MS / 2 + random.below(QUIET_MS);
  let round: readonly FaultKind[] = [];
  do {
    if (round.length === 0) round = shuffled(options.kinds, random);
    const fault = faultOf(round[0] as FaultKind, atMs, options, random);
    faults.push(fault);
    const lastsMs = durationOf(fault);
    atMs += random.fraction() < OVERLAP ? random.below(lastsMs) : lastsMs + QUIET_MS / 2 + random.below(QUIET_MS);
    round = round.slice(1);
  } while (atMs < options.forMs);
  return faults;
}

/** Rolling restarts alone, each of which begins when the one before is over. */
export function planRestarts(count: number, seed: number, nodes: readonly string[]): readonly Fault[] {
  const random = new Xoshiro128(seed);
  return Array.from({ length: count }, () => ({ kind: 'restart', atMs: QUIET_MS, nodes: shuffled(nodes, random) }));
}

function faultOf(kind: FaultKind, atMs: number, options: PlanOptions, random: RandomProvider): Fault {
  const { nodes, clients, leaseMs } = options;
  switch (kind) {
    case 'kill':
      return { kind, atMs, node: pick(nodes, random), downMs: random.below(leaseMs) };
    case 'stop':
    case 'store':
      return { kind, atMs, node: pick(nodes, random), forMs: Math.ceil(leaseMs * (1.5 + random.fraction())) };
    case 'cut': {
      const ways = random.below(3) === 0 ? aroundNode(nodes, random) : bothWays(pair(nodes, clients, random));
      return { kind, atMs, cut: { kind: 'breaks', ways }, forMs: duration(leaseMs, random) };
    }
    case 'stall': {
      const way = pair(nodes, clients, random);
      const ways = random.below(3) === 0 ? bothWays(way) : [random.below(2) === 0 ? way : back(way)];
      return { kind, atMs, cut: { kind: 'holds', ways }, forMs: duration(leaseMs, random) };
    }
    case 'restart':
      return { kind, atMs, nodes: shuffled(nodes, random) };
    case 'server':
      return { kind, atMs, downMs: random.below(2 * leaseMs) };
  }
}

function durationOf(fault: Fault): number {
  switch (fault.kind) {
    case 'kill':
    case 'server':
      return fault.downMs;
    case 'restart':
      return fault.nodes.length * RESTART_MS;
    default:
      return fault.forMs;
  }
}

/** Short enough that most heal before a call is over, and long enough that some do not. */
function duration(leaseMs: number, random: RandomProvider): number {
  return 300 + random.below(2 * leaseMs);
}

/** A node, and another node or a client. */
function pair(nodes: readonly string[], clients: readonly string[], random: RandomProvider): Way {
  const to = pick(nodes, random);
  const others = [...nodes, ...clients].filter((name) => name !== to);
  return { from: pick(others, random), to };
}

function back({ from, to }: Way): Way {
  return { from: to, to: from };
}

function bothWays(way: Way): readonly Way[] {
  return [way, back(way)];
}

/** All ways between a node and the other nodes; clients reach it. */
function aroundNode(nodes: readonly string[], random: RandomProvider): readonly Way[] {
  const node = pick(nodes, random);
  return nodes.filter((other) => other !== node).flatMap((other) => bothWays({ from: node, to: other }));
}

function pick(from: readonly string[], random: RandomProvider): string {
  return from[random.below(from.length)] as string;
}

function shuffled<T>(items: readonly T[], random: RandomProvider): readonly T[] {
  const rest = [...items];
  return items.map(() => rest.splice(random.below(rest.length), 1)[0] as T);
}
