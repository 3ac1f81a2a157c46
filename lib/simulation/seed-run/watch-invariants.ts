import { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { InvariantRecord } from '../../metadata/simulation-record';
import type { ClusterView } from '../cluster/cluster-view';
import type { SimulationEngine } from '../engine/simulation-engine';
import { placeOfEvent } from '../timeline/timeline';
import type { ModuleInvariant } from './contributed-invariants';

/** Checks the invariants: those that name events after these, the others after every event of the world. */
export function watchInvariants(
  engine: SimulationEngine,
  invariants: readonly ModuleInvariant[],
  view: ClusterView,
): void {
  if (invariants.length === 0) return;
  const evaluate = (invariant: ModuleInvariant): void => {
    try {
      refuseAnswer(invariant.check(view));
    } catch (cause) {
      const found = messageOf(cause);
      const after = view.event === undefined ? '' : ` (after ${placeOfEvent(view.event)})`;
      engine.fail(
        new MoonpoolError('INVARIANT_BROKEN', {
          message: `The invariant '${invariant.name}' does not hold: ${found}${after}`,
          cause,
        }),
      );
    }
  };
  engine.timeline.listen((event) => {
    view.event = event;
  });
  for (const invariant of invariants) {
    if (invariant.after !== undefined) engine.timeline.listen(() => evaluate(invariant), invariant.after);
  }
  const unconditional = invariants.filter(({ after }) => after === undefined);
  if (unconditional.length > 0) engine.afterEachEvent(() => unconditional.forEach(evaluate));
}

/** The methods of a simulation's class that are marked with `@Invariant`. */
export function invariantsOfClass(
  records: readonly InvariantRecord[],
  instance: Record<string, (argument: unknown) => unknown>,
): readonly ModuleInvariant[] {
  return records.map(({ method, options: { after } }) => ({
    name: method,
    ...(after === undefined ? {} : { after }),
    check: (view) => instance[method]?.(view) as void,
  }));
}

/** An invariant speaks by throwing, at once: what it returns would go unheard. */
function refuseAnswer(answer: unknown): void {
  if (answer === false) throw new Error('it returned false, and should throw, saying what is wrong');
  if (typeof (answer as { readonly then?: unknown } | undefined)?.then !== 'function') return;
  // Whatever becomes of it is too late, and the run has failed already.
  void Promise.resolve(answer).catch(() => undefined);
  throw new Error('it is asynchronous: an invariant looks at one moment, so it may not wait');
}
