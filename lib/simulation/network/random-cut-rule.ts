import type { SimulationEngine } from '../engine/simulation-engine';
import type { NetworkRule, Transfer, Verdict } from './transfer';

const CUT: Verdict = { kind: 'cut' };

/** Breaks a connection now and then, in the middle of what it carries; then leaves all alone for a while. */
export class RandomCutRule implements NetworkRule {
  readonly name = 'connection-cut';
  private quietUntil = 0;
  private isOn = false;

  /** @param probability for each transfer. @param cooldownMs how long nothing is cut after a cut. */
  constructor(
    private readonly engine: SimulationEngine,
    private readonly probability: number,
    private readonly cooldownMs: number,
  ) {}

  /** From now on connections break. */
  start(): void {
    this.isOn = true;
  }

  /** From now on nothing is cut. */
  stop(): void {
    this.isOn = false;
  }

  judge({ link, kind, stage }: Transfer): Verdict | undefined {
    if (!this.isOn || stage === 'departure' || kind !== 'data' || link.isLoopback) return undefined;
    if (this.engine.now < this.quietUntil || !link.rolls(this.name).strikes(this.probability)) return undefined;
    this.quietUntil = this.engine.now + this.cooldownMs;
    return CUT;
  }
}
