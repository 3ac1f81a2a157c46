/** Up to which part of the places that are free one actor may have others. */
const SHARE_UNDER_WAY = 1 / 3;

/**
 * The places of those deliveries of a process that are under way, or wait. No actor can take them all: who has none gets one while one is free, and
 * who has some gets another while these are fewer than a third of the free ones, or another share. So of an actor that hangs a quarter of the places is
 * filled, of a second one a quarter of the rest, and there are some for those whose turns begin; and one that is busy has many at once.
 */
export class Places {
  private readonly byActor = new Map<string, number>();
  private taken = 0;

  /** @param share one actor may have so many for each free one. */
  constructor(
    private readonly total: number,
    private readonly share = SHARE_UNDER_WAY,
  ) {}

  get free(): number {
    return this.total - this.taken;
  }

  /** True when a delivery to the actor may have a place now. */
  admits(actor: string): boolean {
    const { free } = this;
    const has = this.byActor.get(actor) ?? 0;
    return free > 0 && (has === 0 || has < free * this.share);
  }

  /** True when no more than a third is left: whoever only waits for better times gives its place up then, so that others, who need not wait, find one. */
  get areScarce(): boolean {
    return this.free <= this.total * SHARE_UNDER_WAY;
  }

  /** True when the actor has no more than half of what it may have, so that it is worth looking for more. */
  isAtEase(actor: string): boolean {
    const { free } = this;
    const has = this.byActor.get(actor) ?? 0;
    return free > 0 && has * 2 <= free * this.share;
  }

  take(actor: string): void {
    this.taken++;
    this.byActor.set(actor, (this.byActor.get(actor) ?? 0) + 1);
  }

  giveBack(actor: string): void {
    this.taken--;
    const left = (this.byActor.get(actor) ?? 0) - 1;
    if (left > 0) this.byActor.set(actor, left);
    else this.byActor.delete(actor);
  }
}
