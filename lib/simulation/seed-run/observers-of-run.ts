import type { SimulationTestRecord } from '../../metadata/simulation-record';
import { ClusterView } from '../cluster/cluster-view';
import { AssertionWatch } from '../coverage/assertion-watch';
import type { Coverage } from '../coverage/coverage';
import { Fence } from '../fence/fence';
import { TurnAudit } from '../fence/turn-audit';
import type { LeaseLook } from '../invariants/activations/single-activation';
import { builtInInvariants } from '../invariants/built-in-invariants';
import { MessageConservation } from '../invariants/calls/message-conservation';
import { HistoryWatch } from '../invariants/history/history-watch';
import { ForgottenCalls } from '../invariants/rest/forgotten-calls';
import { OpenWork } from '../invariants/rest/open-work';
import { RestCheck } from '../invariants/rest/rest-check';
import { brokenInvariant, type RunObserver } from '../observation/run-observer';
import { RunObservers } from '../observation/run-observers';
import type { SimulatedApplication } from '../world/simulated-application';
import type { SimulatedWorld } from '../world/simulated-world';
import { invariantsOfModules } from './contributed-invariants';
import { DiscoveryWatch } from './discovery-watch';
import type { RunSeedOptions } from './run-seed-options';
import type { SimulationPlan } from './simulation-class';
import { invariantsOfClass, ViewInvariants } from './view-invariants';

/** The run that shall be observed. */
export interface RunToObserve {
  readonly plan: SimulationPlan;
  readonly test: SimulationTestRecord;
  readonly world: SimulatedWorld;
  readonly application: SimulatedApplication;
  /** Counts the assertions. */
  readonly coverage: Coverage;
  readonly options: RunSeedOptions;
  /** Look for the places of what is left open. */
  readonly locates: boolean;
}

/** All who look at a run, and those of them that are asked afterwards what they have found. */
export interface ObserversOfRun {
  readonly observers: RunObservers;
  /** Undefined where the test has none. */
  readonly fence: Fence | undefined;
  /** Undefined where nobody wants to know. */
  readonly discovery: DiscoveryWatch | undefined;
}

/** Everybody who looks at a run, in the order in which they see its events. */
export function observersOf(run: RunToObserve): ObserversOfRun {
  const { plan, test, world, application, coverage, options, locates } = run;
  const { engine } = world;
  const mode = test.options.fence ?? 'report';
  const fence = mode === 'off' ? undefined : new Fence(engine, mode, world.clocks, locates);
  const discovery = options.discovers === true ? new DiscoveryWatch() : undefined;
  const work = new OpenWork();
  const observers = new RunObservers([
    listenersOf(options),
    ...(discovery === undefined ? [] : [discovery]),
    ...(fence === undefined ? [] : [fence]),
    ...(fence !== undefined && options.auditsTurns === true ? [new TurnAudit(fence)] : []),
    work,
    new ForgottenCalls(work),
    new RestCheck(work),
    new MessageConservation((wrong) => engine.fail(brokenInvariant('message conservation', wrong))),
    new HistoryWatch((observed) => {
      const holdsLease: LeaseLook = (node, generation) => observed.processes.holdsLease(node, generation);
      return builtInInvariants(holdsLease, application.leaseTtlMs);
    }),
    new AssertionWatch(engine, coverage, plan.type.assertions),
    new ViewInvariants(
      (instance) => [...invariantsOfClass(plan.invariants, instance), ...invariantsOfModules(application.modules)],
      (observed) => new ClusterView(engine, world.store, application.namespace, observed.processes),
    ),
  ]);
  return { observers, fence, discovery };
}

/** Whoever has asked to be told. */
function listenersOf({ onEvent, onValue }: RunSeedOptions): RunObserver {
  return {
    attach({ engine: { timeline } }) {
      if (onEvent !== undefined) timeline.listen(onEvent);
      timeline.onValue = onValue;
    },
  };
}
