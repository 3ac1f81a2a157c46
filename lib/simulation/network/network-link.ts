import type { KeyedRolls, RollSequence } from '../random/keyed-rolls';

/** The way from one host to another, in one direction. */
export class NetworkLink {
  /** `from>to`, the entity of its rolls. */
  readonly name: string;
  /** True for a way on which connections neither break nor garble by chance; what a test does to it is done. */
  isStable: boolean;
  private readonly sequences = new Map<string, RollSequence>();
  private readonly prone = new Map<string, boolean>();

  constructor(
    readonly from: string,
    readonly to: string,
    private readonly keyedRolls: KeyedRolls,
  ) {
    this.name = `${from}>${to}`;
    this.isStable = this.isLoopback;
  }

  /** True within one host: such a way is never cut. */
  get isLoopback(): boolean {
    return this.from === this.to;
  }

  /** The rolls of a site for this link. */
  rolls(site: string): RollSequence {
    let sequence = this.sequences.get(site);
    if (sequence === undefined) {
      sequence = this.keyedRolls.sequence(site, this.name);
      this.sequences.set(site, sequence);
    }
    return sequence;
  }

  /** True for half of the links of a seed: on these the site may strike, on the others it never does. */
  isProneTo(site: string): boolean {
    let isProne = this.prone.get(site);
    if (isProne === undefined) this.prone.set(site, (isProne = this.rolls(`${site}-prone`).chance(0.5)));
    return isProne;
  }
}
