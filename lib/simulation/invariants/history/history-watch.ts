import { placeOfEvent } from '../../timeline/timeline';
import { brokenInvariant, type ObservedRun, type RunObserver } from '../../observation/run-observer';
import type { HistoryInvariant } from './history-invariant';

/** Has a run fail as soon as its history breaks one of the invariants. */
export class HistoryWatch implements RunObserver {
  /** @param make the invariants of a run: they remember what they have seen, so each run has its own. */
  constructor(private readonly make: (run: ObservedRun) => readonly HistoryInvariant[]) {}

  attach(run: ObservedRun): void {
    const { engine } = run;
    for (const invariant of this.make(run)) {
      engine.timeline.listen((event) => {
        const wrong = invariant.observe(event);
        if (wrong !== undefined) engine.fail(brokenInvariant(invariant.name, `${wrong} (${placeOfEvent(event)})`));
      }, invariant.after);
    }
  }
}
