import type { RandomProvider } from '../../providers/random-provider';
import { foldWord, hashText, mix32, seedWord } from './mixing';
import { Xoshiro128 } from './xoshiro128';

/** What is known of a fault that struck: whom it hit, for how long. */
export type FaultFacts = Readonly<Record<string, string | number>>;

/** Is notified of each fault that strikes, by its name. */
export type FaultListener = (name: string, site: string) => void;

/**
 * The rolls of one site for one entity: the n-th roll is a hash of seed, site, entity and n. So no roll moves another:
 * a fault can be taken out of a run and all the others stay as they were.
 */
export class RollSequence implements RandomProvider {
  private rolled = 0;

  constructor(
    private readonly key: number,
    private readonly site: string,
    private readonly entity: string,
    private readonly rolls: KeyedRolls,
  ) {}

  uint32(): number {
    return mix32(((this.key + Math.imul(++this.rolled, 0x9e3779b9)) ^ this.rolls.salt) | 0);
  }

  fraction(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** A number from `low` to `high`. Draws nothing when they are equal. */
  between(low: number, high: number): number {
    return low === high ? low : low + this.fraction() * (high - low);
  }

  /** True with the probability. Draws nothing when the answer is certain. */
  chance(probability: number): boolean {
    if (probability <= 0) return false;
    return probability >= 1 || this.fraction() < probability;
  }

  /** One of the items, of which there is at least one. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** Like {@link chance}, for a fault: one that strikes is named, counted, and left out when the run does without it. */
  strikes(probability: number): boolean {
    // A certain fault rolls too: each that strikes has a number of its own.
    if (probability <= 0) return false;
    const isRolled = this.fraction() < probability;
    if (!isRolled && !this.rolls.isScripted) return false;
    const subject = this.entity === '' ? this.site : `${this.site} ${this.entity}`;
    return this.rolls.fault(this.site, `${subject} #${this.rolled}`, isRolled);
  }

  /** Tells people how the fault goes that struck just now; decides nothing. */
  tells(facts: FaultFacts): void {
    this.rolls.onFacts?.(facts);
  }

  /**
   * The rolls that decide how the fault goes which struck just now: how long it lasts, whom it hits. They belong to this one
   * fault, so that leaving out another does not move them. @param aspect tells rolls for several things apart. Default: none.
   */
  manner(aspect = ''): RollSequence {
    const key = foldWord(this.key, this.rolled);
    return new RollSequence(aspect === '' ? key : foldWord(key, hashText(aspect)), this.site, this.entity, this.rolls);
  }
}

/** Which faults strike of those that the seed says would. */
export interface FaultSelection {
  /** Names of the faults that strike, these and no others, whatever the seed says: a script. Default: what the seed says. */
  readonly only?: ReadonlySet<string>;
  /** Names of faults that do not strike. Default: none. */
  readonly suppressed?: ReadonlySet<string>;
}

/** All the rolls of one seed, by site and entity. */
export class KeyedRolls {
  /** Goes into every roll; another one from some moment on makes another run with the same beginning. */
  salt = 0;
  /** Learns what becomes known of the fault that struck last. */
  onFacts: ((facts: FaultFacts) => void) | undefined;
  private readonly sequences = new Map<string, RollSequence>();
  private readonly seed: number;

  /**
   * @param onFault is notified of each fault that strikes.
   * @param selection which faults strike of those whose roll says so.
   */
  constructor(
    seed: number,
    private readonly onFault: FaultListener = () => undefined,
    private readonly selection: FaultSelection = {},
  ) {
    this.seed = seedWord(seed);
  }

  /** The one sequence of this site and entity; asking again goes on where the last asker stopped. */
  sequence(site: string, entity = ''): RollSequence {
    const name = `${site}\n${entity}`;
    let sequence = this.sequences.get(name);
    if (sequence === undefined) this.sequences.set(name, (sequence = this.begin(site, entity)));
    return sequence;
  }

  /** The sequence of this site and entity, for an owner that asks once, keeps it, and is the only one to ask. */
  begin(site: string, entity: string): RollSequence {
    return new RollSequence(this.word(site, entity), site, entity, this);
  }

  /** A fast stream of its own for a consumer that draws much. */
  stream(site: string, entity = ''): Xoshiro128 {
    return new Xoshiro128(this.word(site, entity), this);
  }

  /** From now on all rolls and streams are those of another seed. */
  reseed(seed: number): void {
    this.salt = seedWord(seed);
  }

  /** The word that site and entity have in this seed: to seed a stream of its own. */
  word(site: string, entity = ''): number {
    return foldWord(foldWord(this.seed, hashText(site)), hashText(entity));
  }

  /** True when a script says which faults strike. */
  get isScripted(): boolean {
    return this.selection.only !== undefined;
  }

  /** Decides about a fault, and notes one that strikes. @param isRolled what the seed says. */
  fault(site: string, name: string, isRolled: boolean): boolean {
    const { only, suppressed } = this.selection;
    const strikes = only === undefined ? isRolled : only.has(name);
    if (!strikes || suppressed?.has(name) === true) return false;
    this.onFault(name, site);
    return true;
  }
}

/** Whether faults may strike at present: not before a cluster stands, and not after it was brought to rest. */
export class FaultSwitch {
  areOn = false;
}
