import type { RollSequence } from '../../random/keyed-rolls';
import type { EventKind } from '../../timeline/event-queue';
import type { SimulationEngine } from '../../engine/simulation-engine';

/** What chaos can do to the nodes of a cluster. */
export interface ChaosTarget {
  /** The names of all nodes. */
  readonly nodeNames: readonly string[];
  /** The nodes whose process runs, be it that it has only begun to start, by name. */
  readonly nodesOn: readonly string[];
  /** How many nodes there are, running or not. */
  readonly nodeCount: number;
  /** How many nodes may be down at once by chance. */
  readonly maxDead: number;
  /** The machines of clients, by name. */
  readonly clientNames: readonly string[];
  crashNode(node: string): void;
  /** The node dies, and its disk with it. */
  wipeNode(node: string): void;
  /** Resolves when the node has ended in order. */
  shutdownNode(node: string): Promise<void>;
  restartNode(node: string): void;
  /** The process of the node stands still, if it runs. */
  pauseNode(node: string, forMs: number): void;
  /** Somebody sets the wall clock of the node's machine. */
  stepClock(node: string, byMs: number): void;
}

/** Something that chaos does from time to time. */
export interface Disturbance {
  /** How long until the next time, in milliseconds. */
  intervalMs(): number;
  act(): void;
}

/** Lets a disturbance act again and again, for as long as chaos goes on. */
export function repeat(
  engine: SimulationEngine,
  kind: EventKind,
  disturbance: Disturbance,
  goesOn: () => boolean,
): void {
  engine.schedule(disturbance.intervalMs(), kind, undefined, () => {
    if (!goesOn()) return;
    disturbance.act();
    repeat(engine, kind, disturbance, goesOn);
  });
}

/** True when another node may go down: of several one is always left, of a single one its disk. */
export function mayDie({ nodesOn, nodeCount, maxDead }: ChaosTarget): boolean {
  return nodesOn.length > 0 && nodeCount - nodesOn.length < Math.max(1, Math.min(maxDead, nodeCount - 1));
}

/** A number from `low`, which is above 0, to `high`, of every magnitude equally often. */
export function alongScale(rolls: RollSequence, low: number, high: number): number {
  return low * (high / low) ** rolls.fraction();
}
