import type { KeyedRolls, RollSequence } from '../../random/keyed-rolls';

/** What of a link is clogged: what its sender writes, or what its receiver reads. */
export type ClogSide = 'writing' | 'reading';

/** The way from one host to another, in one direction. */
export class NetworkLink {
  /** `from>to`, the entity of its rolls. */
  readonly name: string;
  /** True for a way on which connections neither break nor garble by chance; what a test does to it is done. */
  isStable: boolean;
  /** Until which virtual time the link is clogged. It is asked for each transfer, so it stands here and in no table. */
  readonly cloggedUntil: Record<ClogSide, number> = { writing: 0, reading: 0 };
  /** A link has few sites, and a cluster many links: a short list of each takes less memory and time than a map. */
  private readonly sites: string[] = [];
  private readonly sequences: RollSequence[] = [];
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
    const { sites } = this;
    // A loop of its own compares addresses of strings; `indexOf` would compare the strings.
    for (let index = 0; index < sites.length; index++)
      if (sites[index] === site) return this.sequences[index] as RollSequence;
    const sequence = this.keyedRolls.begin(site, this.name);
    this.sites.push(site);
    this.sequences.push(sequence);
    return sequence;
  }

  /** True for half of the links of a seed: on these the site may strike, on the others it never does. */
  isProneTo(site: string): boolean {
    let isProne = this.prone.get(site);
    if (isProne === undefined) this.prone.set(site, (isProne = this.rolls(`${site}-prone`).chance(0.5)));
    return isProne;
  }
}
