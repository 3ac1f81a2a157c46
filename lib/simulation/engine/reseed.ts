/** A turn in the way of a run: up to the event all is as its seed says, and from there on as another seed says. */
export interface Reseed {
  /** Before the how-manieth event of the run, from 1. */
  readonly atEvent: number;
  readonly seed: number;
}
