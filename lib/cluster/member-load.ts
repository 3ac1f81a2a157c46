/** So late timers of a process are now and then that has little to do, in milliseconds. */
const ORDINARY_LAG_MS = 20;
/** With so much more lag each activation counts twice, in milliseconds. */
const DOUBLING_LAG_MS = 100;
/** A timer that is later counts as late as this, in milliseconds: from then on more says no more. */
const MOST_LAG_MS = 1_000;
/** What the latest observation counts beside all before it. */
const NEWEST_SHARE = 0.25;

/**
 * How much a node has to do, as it tells the others: the number of its activations, each of which counts for more while the node is slow. How slow it is it sees by how late
 * its own timers are: their moving average, in which each counts with the smaller of it and the one before, for a process that stood still once is not slow.
 */
export class MemberLoad {
  private averageMs = 0;
  private latestMs = 0;

  /** @param activations how many there are at present. */
  constructor(private readonly activations: () => number) {}

  /** A timer of this node was so late, in milliseconds. */
  note(latenessMs: number): void {
    const lasting = Math.min(latenessMs, this.latestMs, MOST_LAG_MS);
    this.averageMs += (lasting - this.averageMs) * NEWEST_SHARE;
    this.latestMs = latenessMs;
  }

  /** How late its timers are, in milliseconds. */
  get lagMs(): number {
    return this.averageMs;
  }

  /** A whole number: that of the activations of a node that is not slow. A slow one without any has some load too, so that it is not everybody's choice. */
  get value(): number {
    const slowness = Math.max(0, this.averageMs - ORDINARY_LAG_MS) / DOUBLING_LAG_MS;
    return Math.round(this.activations() + slowness * (this.activations() + 1));
  }
}
