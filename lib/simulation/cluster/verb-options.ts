import { anyOf, anything, choice, delay, flag, list, type OptionKind } from '../../options/option-kind';
import { optionTable } from '../../options/option-table';
import type { ClogSide } from '../network/transfers/network-link';
import type { SimulatedRelease } from '../world/simulated-application';
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

/** What the classes are is looked at when a node starts. */
export const RELEASE_OPTIONS = optionTable<SimulatedRelease>({
  actors: list('a list of actor classes', anything),
  observers: list('a list of classes of observers', anything) as OptionKind<SimulatedRelease['observers']>,
  startup: list('a list of startup tasks', anything) as OptionKind<SimulatedRelease['startup']>,
});

/** True for a node or a host. */
export function isMachine(value: unknown): boolean {
  const { name, isOn } = (value ?? {}) as { readonly name?: unknown; readonly isOn?: unknown };
  return typeof name === 'string' && typeof isOn === 'boolean';
}

/** True for a node. */
export function isNode(value: unknown): boolean {
  return isMachine(value) && typeof (value as { readonly deploy?: unknown }).deploy === 'function';
}
