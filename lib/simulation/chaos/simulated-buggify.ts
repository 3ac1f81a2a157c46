import type { Buggify, BuggifyOdds, KnobRange } from '../../chaos/buggify';
import type { NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { RollSequence } from '../random/keyed-rolls';
import type { BuggifyFaults } from './profile/code-chaos';

const DEFAULT_ENABLED = 0.5;
const DEFAULT_STRIKES = 0.25;

/** The sites and knobs of a run: which of them its seed uses, and until when. */
export class BuggifySites {
  private readonly used = new Map<string, boolean>();
  private isPeaceful = true;
  private hasEnded = false;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly faults: BuggifyFaults,
  ) {}

  /** True while processes may have knobs turned: from the beginning on, for most are asked when a process begins. */
  get turnsKnobs(): boolean {
    return this.faults.isOn && !this.hasEnded;
  }

  /** True while sites may strike. */
  get strikes(): boolean {
    return this.turnsKnobs && !this.isPeaceful;
  }

  /** From now on sites may strike. */
  begin(): void {
    this.isPeaceful = false;
  }

  /** Nothing strikes any more; knobs that are turned stay so, as long as their processes live. */
  end(): void {
    this.hasEnded = true;
  }

  /** True when the seed uses the site or knob. */
  isUsed(kind: 'buggify' | 'buggify-knob', name: string, odds: BuggifyOdds | undefined): boolean {
    const key = `${kind} ${name}`;
    let isUsed = this.used.get(key);
    if (isUsed === undefined) {
      isUsed = this.engine.rolls.sequence('buggify-site', key).chance(odds?.enabled ?? DEFAULT_ENABLED);
      this.used.set(key, isUsed);
    }
    return isUsed;
  }

  of(life: NodeLife): Buggify {
    return new SimulatedBuggify(this, this.engine, life);
  }
}

/** The sites of one life of a process; each rolls for itself. */
class SimulatedBuggify implements Buggify {
  private readonly sequences = new Map<string, RollSequence>();

  constructor(
    private readonly sites: BuggifySites,
    private readonly engine: SimulationEngine,
    private readonly life: NodeLife,
  ) {}

  get enabled(): boolean {
    return this.sites.turnsKnobs;
  }

  strikes(site: string, odds?: BuggifyOdds): boolean {
    if (!this.sites.strikes || !this.life.isAlive || !this.sites.isUsed('buggify', site, odds)) return false;
    return this.sequence(site).strikes(odds?.strikes ?? DEFAULT_STRIKES);
  }

  knob(name: string, value: number, { low, high }: KnobRange, odds?: BuggifyOdds): number {
    if (!this.sites.turnsKnobs || !this.sites.isUsed('buggify-knob', name, odds)) return value;
    const rolls = this.engine.rolls.sequence('buggify-knob', `${name} ${this.life.machine}`);
    if (!rolls.strikes(odds?.strikes ?? DEFAULT_STRIKES)) return value;
    const manner = rolls.manner();
    const areWhole = Number.isInteger(low) && Number.isInteger(high);
    const turned = areWhole ? low + manner.below(high - low + 1) : manner.between(low, high);
    rolls.tells({ value: turned, insteadOf: value });
    this.engine.record(this.life, 'knob', { name, value: turned });
    return turned;
  }

  /** By machine and not by life, so that the numbers of its faults go on when it starts again. */
  private sequence(site: string): RollSequence {
    let sequence = this.sequences.get(site);
    if (sequence === undefined) {
      sequence = this.engine.rolls.sequence('buggify', `${site} ${this.life.machine}`);
      this.sequences.set(site, sequence);
    }
    return sequence;
  }
}
