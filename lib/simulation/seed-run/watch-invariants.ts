import { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { InvariantRecord } from '../../metadata/simulation-record';
import type { ClusterView } from '../cluster/cluster-view';
import type { SimulationEngine } from '../engine/simulation-engine';
import { placeOfEvent } from '../timeline/timeline';

/** Checks the invariants of a class: those that name events after these, the others after every event of the world. */
export function watchInvariants(
  engine: SimulationEngine,
  records: readonly InvariantRecord[],
  instance: Record<string, (argument: unknown) => unknown>,
  view: ClusterView,
): void {
  if (records.length === 0) return;
  const evaluate = ({ method }: InvariantRecord): void => {
    try {
      refuseAnswer(instance[method]?.(view));
    } catch (cause) {
      const found = messageOf(cause);
      const after = view.event === undefined ? '' : ` (after ${placeOfEvent(view.event)})`;
      engine.fail(
        new MoonpoolError('INVARIANT_BROKEN', {
          message: `The invariant '${method}' does not hold: ${found}${after}`,
          cause,
        }),
      );
    }
  };
  engine.timeline.listen((event) => {
    view.event = event;
  });
  const unconditional = records.filter(({ options }) => options.after === undefined);
  for (const record of records) {
    const { after } = record.options;
    if (after !== undefined) engine.timeline.listen(() => evaluate(record), after);
  }
  if (unconditional.length > 0) engine.afterEachEvent(() => unconditional.forEach(evaluate));
}

/** An invariant speaks by throwing, at once: what it returns would go unheard. */
function refuseAnswer(answer: unknown): void {
  if (answer === false) throw new Error('it returned false, and should throw, saying what is wrong');
  if (typeof (answer as { readonly then?: unknown } | undefined)?.then !== 'function') return;
  // Whatever becomes of it is too late, and the run has failed already.
  void Promise.resolve(answer).catch(() => undefined);
  throw new Error('it is asynchronous: an invariant looks at one moment, so it may not wait');
}
