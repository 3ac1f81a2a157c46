import type { Lease } from '../cluster/lease';
import type { MemberLoad } from '../cluster/member-load';
import { RENEWALS_PER_LEASE, type LeaseOptions } from '../cluster/lease-options';
import { reasonOf } from '../errors/reason-of';
import type { NodeId } from '../identity/node-id';
import type { MigrationPort } from '../migration/migration-port';
import type { Logger } from '../observability/logger';
import type { ActorLocator } from '../placement/actor-locator';
import type { TaskProvider } from '../providers/task-provider';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { Activation } from './activation';
import type { ActivationOptions } from './activation-options';
import type { ActivationTable } from './activation-table';

/** What is needed to give activations away. */
export interface RebalancingParts {
  readonly lease: Pick<Lease, 'held'>;
  readonly leases: LeaseOptions;
  readonly activations: ActivationTable;
  readonly load: MemberLoad;
  readonly locator: Pick<ActorLocator, 'withLessLoad'>;
  readonly port: MigrationPort;
  readonly options: ActivationOptions;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly logger: Logger;
}

/** How many activations a node gives away at a time. */
const MOST_MOVES = 32;

/** The share of its own load that a node must have more than another, so that nothing goes to and fro. */
const SHARE = 0.25;

/**
 * Gives activations to nodes with less load, such as one that has just joined: each lease a few, of those that have rested for a third of it, so that one that has just come stays. Those that are to be kept stay, too.
 * The placement of the class chooses among its own node and those with less. Nodes know of each other's loads what they say with their renewals.
 */
export class Rebalancing {
  private timer: Timer | undefined;
  private isOver = false;

  constructor(private readonly parts: RebalancingParts) {}

  start(): void {
    if (this.parts.options.rebalance) this.scheduleLook();
  }

  stop(): void {
    this.isOver = true;
    this.timer?.cancel();
  }

  private scheduleLook(): void {
    const { time, tasks, leases } = this.parts;
    this.timer = time.schedule(leases.ttlMs, () => tasks.spawn('rebalance', () => this.look()));
  }

  private async look(): Promise<void> {
    try {
      for (const [path, to] of this.movesNow()) if (!(await this.move(path, to))) break;
    } finally {
      if (!this.isOver) this.scheduleLook();
    }
  }

  /** False when there should be no further one for now. */
  private async move(path: string, to: NodeId): Promise<boolean> {
    const { port, lease, logger } = this.parts;
    if (this.isOver || !lease.held) return false;
    try {
      await port.host?.migrate(path, to);
      return true;
    } catch (error) {
      logger.info('an actor was to move to a node with fewer, and stays', { actor: path, why: reasonOf(error) });
      return false;
    }
  }

  /** Which actors move, by their paths, and where to. */
  private movesNow(): ReadonlyMap<string, NodeId> {
    const { activations, load, locator, options, leases } = this.parts;
    const restMs = leases.ttlMs / RENEWALS_PER_LEASE;
    const chosen = new Map<string, NodeId>();
    let own = load.value;
    // Of a slow node each activation counts for more.
    const each = own / Math.max(1, activations.size);
    for (const activation of activations.all) {
      if (!canMove(activation) || activation.idleMs < restMs) continue;
      const much = Math.max(options.rebalanceDifference, own * SHARE);
      const to = locator.withLessLoad(activation.target, own - much + 1);
      if (to === undefined) continue;
      chosen.set(activation.target.path, to.node);
      own -= each;
      if (chosen.size === MOST_MOVES) break;
    }
    return chosen;
  }
}

function canMove({ isActive, isRegistered, isEnding }: Activation): boolean {
  return isActive && isRegistered && !isEnding;
}
