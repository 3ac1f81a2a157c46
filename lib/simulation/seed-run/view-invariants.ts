import type { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { InvariantRecord } from '../../metadata/simulation-record';
import { unheardFinding } from '../checkers/histories/unheard-finding';
import type { ClusterView } from '../cluster/cluster-view';
import { brokenInvariant, type ObservedRun, type RunObserver } from '../observation/run-observer';
import type { TimelineEventName } from '../timeline/event-names';
import { placeOfEvent } from '../timeline/timeline';
import type { ModuleInvariant } from './contributed-invariants';

/**
 * Checks the invariants that are shown the cluster: those that name events after these, the others after every event of the
 * world.
 */
export class ViewInvariants implements RunObserver {
  private run: ObservedRun | undefined;

  /** @param invariantsOf those of a test, whose object is given. @param viewOf what they are shown of a run. */
  constructor(
    private readonly invariantsOf: (test: object) => readonly ModuleInvariant[],
    private readonly viewOf: (run: ObservedRun) => ClusterView,
  ) {}

  attach(run: ObservedRun): void {
    this.run = run;
  }

  /** Only now there is something to check, and the modules are loaded where the fence stands. */
  begin(test: object): void {
    const { run } = this;
    const invariants = this.invariantsOf(test);
    if (run === undefined || invariants.length === 0) return;
    const { engine } = run;
    const view = this.viewOf(run);
    const evaluate = (invariant: ModuleInvariant): void => {
      const broken = findBroken(invariant, view);
      if (broken !== undefined) engine.fail(broken);
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
}

/** The methods of a simulation's class that are marked with `@Invariant`. */
export function invariantsOfClass(records: readonly InvariantRecord[], test: object): readonly ModuleInvariant[] {
  const instance = test as Record<string, (argument: unknown) => unknown>;
  return records.map(({ method, options: { after } }) => ({
    name: method,
    // The names were looked at when the class was planned.
    ...(after === undefined ? {} : { after: after as readonly TimelineEventName[] }),
    check: (view) => instance[method]?.(view) as void,
  }));
}

function findBroken(invariant: ModuleInvariant, view: ClusterView): MoonpoolError | undefined {
  try {
    refuseAnswer(invariant.check(view));
    return undefined;
  } catch (cause) {
    const after = view.event === undefined ? '' : ` (after ${placeOfEvent(view.event)})`;
    return brokenInvariant(invariant.name, `${messageOf(cause)}${after}`, cause);
  }
}

/** An invariant speaks by throwing, at once: what it returns would go unheard. */
function refuseAnswer(answer: unknown): void {
  const finding = unheardFinding(answer);
  if (finding !== undefined) throw new Error(`it ${finding.words}`, { cause: finding.cause });
  if (typeof (answer as { readonly then?: unknown } | undefined)?.then !== 'function') return;
  // Whatever becomes of it is too late, and the run has failed already.
  void Promise.resolve(answer).catch(() => undefined);
  throw new Error('it is asynchronous: an invariant looks at one moment, so it may not wait');
}
