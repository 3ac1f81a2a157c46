import { MoonpoolError } from '../../errors/moonpool-error';
import type { InvariantRecord } from '../../metadata/simulation-record';
import type { ClusterView } from '../cluster/cluster-view';
import type { SimulationEngine } from '../engine/simulation-engine';

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
      instance[method]?.(view);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      engine.fail(new MoonpoolError('INVARIANT_BROKEN', { message: `The invariant '${method}' does not hold: ${found}`, cause }));
    }
  };
  const subscribed = records.filter(({ after }) => after !== undefined);
  engine.timeline.listen((event) => {
    view.event = event;
    for (const record of subscribed) if (record.after?.includes(event.name) === true) evaluate(record);
  });
  const unconditional = records.filter(({ after }) => after === undefined);
  if (unconditional.length > 0) engine.afterEachEvent(() => unconditional.forEach(evaluate));
}
