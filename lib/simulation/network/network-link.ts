import type { KeyedRolls, RollSequence } from '../random/keyed-rolls';

/** The way from one host to another, in one direction. */
export class NetworkLink {
  /** `from>to`, the entity of its rolls. */
  readonly name: string;
  private readonly sequences = new Map<string, RollSequence>();

  constructor(
    readonly from: string,
    readonly to: string,
    private readonly keyedRolls: KeyedRolls,
  ) {
    this.name = `${from}>${to}`;
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
}
