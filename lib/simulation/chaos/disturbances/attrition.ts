import { eventKind } from '../../timeline/event-queue';
import type { SimulationEngine } from '../../engine/simulation-engine';
import type { RollSequence } from '../../random/keyed-rolls';
import { mayDie, type ChaosTarget, type Disturbance } from './disturbance';

/** Nodes that go and come back. Times are in milliseconds. */
export interface AttritionFaults {
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** How likely it is at each check that a node goes. */
  readonly probability: number;
  /** How long it stays away. */
  readonly minDownMs: number;
  readonly maxDownMs: number;
  /** How often, in relation to each other, a node ends in order, crashes, or crashes and loses its disk. */
  readonly gracefulWeight: number;
  readonly crashWeight: number;
  readonly wipeWeight: number;
}

const RESTART = eventKind('chaos-restart');

/** Takes nodes out, one at a time and never too many at once, and brings them back. */
export class Attrition implements Disturbance {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly target: ChaosTarget,
    private readonly faults: AttritionFaults,
  ) {}

  intervalMs(): number {
    return this.engine.rolls
      .sequence('attrition-interval')
      .between(this.faults.minIntervalMs, this.faults.maxIntervalMs);
  }

  act(): void {
    if (!mayDie(this.target)) return;
    const rolls = this.engine.rolls.sequence('attrition');
    if (rolls.strikes(this.faults.probability)) this.takeOut(rolls.manner());
  }

  private takeOut(rolls: RollSequence): void {
    const { target, faults } = this;
    const node = rolls.pick(target.nodesOn);
    const downMs = rolls.between(faults.minDownMs, faults.maxDownMs);
    const comeBack = () => void this.engine.schedule(downMs, RESTART, undefined, () => target.restartNode(node));
    const { gracefulWeight, crashWeight, wipeWeight } = faults;
    const share = rolls.fraction() * (gracefulWeight + crashWeight + wipeWeight);
    const how =
      share < gracefulWeight
        ? 'ends in order'
        : share < gracefulWeight + crashWeight
          ? 'crashes'
          : 'crashes and loses its disk';
    rolls.tells({ node, how, forMs: downMs });
    if (share < gracefulWeight) {
      void target.shutdownNode(node).then(comeBack);
      return;
    }
    if (share < gracefulWeight + crashWeight) target.crashNode(node);
    else target.wipeNode(node);
    comeBack();
  }
}
