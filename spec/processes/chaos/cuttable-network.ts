import { stateOfWay, type Cut, type Way, type WayState } from './network-cut';

/** What all networks of a campaign have in common: the cuts that last, and that something is to be done when they change. */
export abstract class CuttableNetwork {
  private readonly cuts = new Set<Cut>();

  begin(cut: Cut): void {
    this.cuts.add(cut);
    this.apply();
  }

  end(cut: Cut): void {
    this.cuts.delete(cut);
    this.apply();
  }

  /** Ends all cuts. */
  heal(): void {
    this.cuts.clear();
    this.apply();
  }

  protected stateOf(way: Way): WayState {
    return stateOfWay(way, this.cuts);
  }

  /** Brings what there is up to date with the cuts. */
  protected abstract apply(): void;
}
