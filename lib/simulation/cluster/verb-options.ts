import { anyOf, choice, delay, flag, label, list, required, type OptionKind } from '../../options/option-kind';
import { optionTable } from '../../options/option-table';
import type { ClogSide } from '../network/transfers/network-link';
import { PARTITION_SHAPES } from '../network/partitions/partition-shape';
import type { SimulatedNode } from '../world/simulated-node';

/** How a place is isolated. */
export interface IsolateOptions {
  /** Whether the store is out of reach too. Default: true. */
  readonly fromStore?: boolean;
  /** How long, in milliseconds. Default: until `heal`. */
  readonly forMs?: number;
}

/** How a node is isolated. */
export interface IsolateNodeOptions extends IsolateOptions {
  /** Whether the other nodes and the clients are out of reach too. Default: true. */
  readonly fromOthers?: boolean;
}

/** How a link is clogged. */
export interface ClogOptions {
  /** `writing`, what the sender writes, the default; or `reading`, what the receiver reads. */
  readonly side?: ClogSide;
  /** How long, in milliseconds. Default: until `unclog`. */
  readonly forMs?: number;
}

/** Which links are stopped and restored. */
export interface SwizzleOptions {
  /** Whose links. Default: those of all nodes. */
  readonly nodes?: readonly SimulatedNode[];
  /** How long all that takes, in milliseconds. Default: 2,000. */
  readonly forMs?: number;
}

/** The length of a machine's name. */
const MAX_NAME_BYTES = 256;

export const ISOLATE_OPTIONS = optionTable<IsolateOptions>({ fromStore: flag(), forMs: delay() });

export const ISOLATE_NODE_OPTIONS = optionTable<IsolateNodeOptions>({
  fromStore: flag(),
  fromOthers: flag(),
  forMs: delay(),
});

export const CLOG_OPTIONS = optionTable<ClogOptions>({ side: choice('writing', 'reading'), forMs: delay() });

export const SWIZZLE_OPTIONS = optionTable<SwizzleOptions>({
  nodes: list('a list of nodes of the cluster', anyOf('a node of the cluster', isMachine)),
  forMs: delay(),
});

/** What the arguments of verbs may be. */
export const VERB_ARGUMENTS = {
  /** Whom a verb is about: a node or a host. */
  machine: required(anyOf('a node of the cluster, such as cluster.nodes[0], or a host', isMachine)),
  machineIfAny: anyOf('a node of the cluster, such as cluster.nodes[0], or a host', isMachine),
  death: choice('process', 'power'),
  shape: required(
    anyOf(`one of ${PARTITION_SHAPES.join(', ')}`, (value) => (PARTITION_SHAPES as readonly unknown[]).includes(value)),
  ),
  forMs: delay(),
  pauseMs: required(delay()),
  sleepMs: required(delay()),
  name: required(label(MAX_NAME_BYTES)),
  condition: required(anyOf('true or false, and no promise of it', (value) => typeof value === 'boolean')),
  names: list('a list of names of events', label(MAX_NAME_BYTES)),
} satisfies Readonly<Record<string, OptionKind<never>>>;

function isMachine(value: unknown): boolean {
  const { name, isOn } = (value ?? {}) as { readonly name?: unknown; readonly isOn?: unknown };
  return typeof name === 'string' && typeof isOn === 'boolean';
}
