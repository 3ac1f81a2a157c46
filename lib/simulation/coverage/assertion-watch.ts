import {
  assertionStand,
  type AssertionDescription,
  type AssertionObservation,
  type AssertionRecorder,
} from '../../chaos/assertion-recorder';
import type { TimelineEventName } from '../timeline/event-names';
import { MoonpoolError } from '../../errors/moonpool-error';
import type { AssertionSite } from '../../chaos/assertion-site';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { RunObserver } from '../observation/run-observer';
import type { Coverage } from './coverage';

const BREAKING: ReadonlySet<string> = new Set(['always', 'always-or-unreachable', 'unreachable']);

/** Counts what assertions see during a run, and has the run fail when one is broken. */
export class AssertionWatch implements AssertionRecorder, RunObserver {
  /** @param expected the assertions that count as missing when nobody looks at them. */
  constructor(
    private readonly engine: SimulationEngine,
    private readonly coverage: Coverage,
    private readonly expected: readonly AssertionSite[] = [],
  ) {}

  /**
   * From now on assertions of this thread tell the watch.
   * @throws MoonpoolError SIMULATION_FAILED when another run of this thread has not ended.
   */
  attach(): void {
    for (const site of this.expected) this.coverage.expect(site);
    if (assertionStand.recorder !== undefined) {
      const message =
        'Another simulation runs in this thread, and assertions could not tell which of the two they belong to';
      throw new MoonpoolError('SIMULATION_FAILED', { message, remedy: 'Await one run before the next begins.' });
    }
    assertionStand.recorder = this;
  }

  detach(): void {
    assertionStand.recorder = undefined;
  }

  observe(site: AssertionDescription, observation: AssertionObservation): void {
    const isFirst = this.coverage.note(site, observation);
    if (isFirst && (site.kind === 'sometimes' || site.kind === 'sometimes-each'))
      this.tell('sometimes', site, observation);
    if (!observation.holds && BREAKING.has(site.kind)) this.breaks(site, observation);
  }

  private breaks(site: AssertionDescription, { value, limit, details }: AssertionObservation): void {
    const acting = this.engine.currentLife;
    const facts = { ...(value === undefined ? {} : { value, limit }), ...details?.() };
    this.engine.record(acting, 'assertion-broken', { assertion: site.name, ...facts });
    const found = Object.entries(facts)
      .map(([fact, is]) => `${fact} ${String(is)}`)
      .join(', ');
    const where = acting === undefined ? '' : `, in an event of ${acting.toString()}`;
    const what = site.kind === 'unreachable' ? 'was reached' : 'does not hold';
    const message = `The assertion '${site.name}' ${what}${where}${found === '' ? '' : `: ${found}`}`;
    this.engine.fail(new MoonpoolError('ASSERTION_BROKEN', { message }));
  }

  private tell(event: TimelineEventName, { name }: AssertionDescription, { buckets }: AssertionObservation): void {
    this.engine.record(this.engine.currentLife, event, {
      name,
      ...(buckets === undefined ? {} : { buckets: buckets.join(' ') }),
    });
  }
}
