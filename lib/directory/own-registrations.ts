import type { Registration } from './actor-directory';
import { RANGES, rangeOf } from './ranges';

/** What a node says of an activation of its own when a range is restored. */
export interface OwnRegistration extends Registration {
  /** The activation whose place it has taken; undefined when there was none. */
  readonly replaces?: string | undefined;
  /** It takes no more turns, and waits for another one to take its place. */
  readonly isDeparting?: boolean;
}

/**
 * The activations of this node that the directory has confirmed: from them a range is restored whose owner is gone. An answer of an earlier owner counts only as long as the range
 * has not been asked for since, for what was not reported then is not restored.
 */
export class OwnRegistrations {
  private readonly ranges = new Map<number, Map<string, OwnRegistration>>();
  /** How often the activations of a range were asked for. */
  private readonly reports = new Uint32Array(RANGES);
  /** The activations that were reported while they waited for another one to take their place. */
  private readonly reportedDeparting = new Set<string>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Changes whenever the activations of the range are asked for. */
  markOf(range: number): number {
    return this.reports[range] ?? 0;
  }

  confirm(registration: Registration, replaces: string | undefined): void {
    const range = rangeOf(registration.actor);
    let present = this.ranges.get(range);
    if (present === undefined) this.ranges.set(range, (present = new Map<string, OwnRegistration>()));
    const before = present.get(registration.actor);
    if (before === undefined) this.count++;
    else this.reportedDeparting.delete(before.activation);
    present.set(registration.actor, replaces === undefined ? registration : { ...registration, replaces });
  }

  /** The activation takes no more turns, and waits for another one to take its place. */
  depart(actor: string, activation: string): void {
    const present = this.ranges.get(rangeOf(actor));
    const own = present?.get(actor);
    if (own?.activation === activation) present?.set(actor, { ...own, isDeparting: true });
  }

  /** Returns true when its range may have been restored with it though another one had taken its place: it was reported as one that waits for that. */
  remove(actor: string, activation: string): boolean {
    const range = rangeOf(actor);
    const present = this.ranges.get(range);
    if (present?.get(actor)?.activation !== activation) return false;
    present.delete(actor);
    this.count--;
    if (present.size === 0) this.ranges.delete(range);
    return this.reportedDeparting.delete(activation);
  }

  /** What the range is restored from. */
  report(range: number): readonly OwnRegistration[] {
    this.reports[range] = this.markOf(range) + 1;
    const reported = [...(this.ranges.get(range)?.values() ?? [])];
    for (const { activation, isDeparting } of reported)
      if (isDeparting === true) this.reportedDeparting.add(activation);
    return reported;
  }
}

/**
 * The registrations of a range from what all nodes have reported. An activation whose place was taken counts no more, and one that waits for
 * another only where there is none.
 */
export function restored(reports: readonly OwnRegistration[]): readonly Registration[] {
  const replaced = new Set(reports.map(({ replaces }) => replaces));
  const byActor = new Map<string, OwnRegistration>();
  for (const report of reports) {
    if (replaced.has(report.activation)) continue;
    const present = byActor.get(report.actor);
    if (present === undefined || present.isDeparting === true) byActor.set(report.actor, report);
  }
  return [...byActor.values()].map(({ actor, activation, node, address }) => ({ actor, activation, node, address }));
}
