import type { RandomProvider } from 'moonpool';
import { Xoshiro128 } from '../../../lib/simulation/random/xoshiro128';
import type { Cut, Way } from './network-cut';

/** The faults of a campaign, and what each does. */
export const FAULT_KINDS = {
  kill: 'kill -9 of a node',
  stop: 'SIGSTOP of a node, SIGCONT past its lease',
  cut: 'a pair, or one node and all others, cut off from each other both ways',
  stall: 'one way of a pair, or both, held up with connections open',
  loss: 'what a pair sends lost, or held up, in bursts of some dozen milliseconds',
  unplug: 'the cable of a node pulled past its lease',
  clock: 'the wall clock of a node set, forth or back by up to a day, and right again',
  restart: 'rolling restart: SIGTERM and start again, node by node',
  store: 'a node held up on its way to the database server past its lease, connections open',
  server: 'kill -9 of the database server, and restart',
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;

interface PlannedFault {
  /** When it begins, in milliseconds since the nemesis began; later while one of its kind still lasts. */
  readonly atMs: number;
}

/** Packets are lost for a while, and then not for a while, in milliseconds. */
export interface Burst {
  readonly lostMs: number;
  readonly quietMs: number;
}

/** What the nemesis does, and for how long, in milliseconds: `downMs` until a process is started again. */
export type Fault = PlannedFault &
  (
    | { readonly kind: 'kill'; readonly node: string; readonly downMs: number }
    | { readonly kind: 'stop' | 'store' | 'unplug'; readonly node: string; readonly forMs: number }
    | { readonly kind: 'clock'; readonly node: string; readonly byMs: number; readonly forMs: number }
    | { readonly kind: 'cut' | 'stall'; readonly cut: Cut; readonly forMs: number }
    | { readonly kind: 'loss'; readonly bursts: readonly Burst[]; readonly cut: Cut; readonly forMs: number }
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

/** Of the steps of a wall clock: a minute, an hour, a day; so that small ones are no exception. */
const LARGEST_STEPS_MS = [60_000, 3_600_000, 86_400_000];

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
    case 'unplug':
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
    case 'loss': {
      const bursts = Array.from({ length: 5 + random.below(20) }, () => burst(random));
      const forMs = bursts.reduce((sum, { lostMs, quietMs }) => sum + lostMs + quietMs, 0);
      return { kind, atMs, bursts, cut: { kind: 'holds', ways: bothWays(pair(nodes, clients, random)) }, forMs };
    }
    case 'clock': {
      const [step, sign] = [1_000 + random.below(pick(LARGEST_STEPS_MS, random)), random.below(2) === 0 ? 1 : -1];
      return { kind, atMs, node: pick(nodes, random), byMs: sign * step, forMs: duration(leaseMs, random) };
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

function burst(random: RandomProvider): Burst {
  return { lostMs: 10 + random.below(60), quietMs: 10 + random.below(60) };
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

function pick<T>(from: readonly T[], random: RandomProvider): T {
  return from[random.below(from.length)] as T;
}

function shuffled<T>(items: readonly T[], random: RandomProvider): readonly T[] {
  const rest = [...items];
  return items.map(() => rest.splice(random.below(rest.length), 1)[0] as T);
}
