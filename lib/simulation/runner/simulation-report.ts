import { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import { Coverage } from '../coverage/coverage';
import { describeCoverage } from '../coverage/coverage-lines';
import { formatEvent } from '../chaos/fault-table/fault-table';
import { formatTime } from '../timeline/virtual-time';
import type { SeedResult } from '../seed-run/seed-result';

/** How many of the last events a failure shows. */
const SHOWN_EVENTS = 30;

/** How many further seeds that failed it names. */
const SHOWN_SEEDS = 20;

/** How many failed seeds a summary names. */
const SHOWN_FAILURES = 10;

/** How much of the reason of a failure a summary shows. */
const REASON_LENGTH = 400;

/** What came of running a test over many seeds. */
export class SimulationReport {
  readonly coverage = new Coverage();
  readonly failures: SeedResult[] = [];
  /** How often each fault struck, by its site. */
  readonly faults = new Map<string, number>();
  /** How often code of a dead process reached for the world: something that processes share had woken it. */
  staleCalls = 0;
  seeds = 0;
  /** How many of the last seeds brought no `sometimes` that was new. */
  seedsWithoutNews = 0;
  events = 0;
  virtualMs = 0;
  realMs = 0;

  constructor(
    readonly title: string,
    /** The command that replays a seed. */
    readonly replayCommand: (seed: number) => string,
    /** Whether a `sometimes` that no seed fired is a failure. */
    readonly requiresCoverage = true,
  ) {}

  add(result: SeedResult): void {
    this.seeds++;
    this.events += result.events;
    this.virtualMs += result.virtualMs;
    this.realMs += result.realMs;
    this.staleCalls += result.staleCalls;
    this.seedsWithoutNews = this.coverage.merge(result.coverage) ? 0 : this.seedsWithoutNews + 1;
    for (const [site, count] of result.faults) this.faults.set(site, (this.faults.get(site) ?? 0) + count);
    if (result.error !== undefined) this.failures.push(result);
  }

  /** True when seeds ran, none failed, and every `sometimes` fired in one of them, where that is required. */
  get passed(): boolean {
    return this.problem() === undefined;
  }

  /**
   * Throws unless the test has passed. What `runSimulation` resolves to says so only when it is asked.
   * @throws MoonpoolError SIMULATION_FAILED with the first seed that failed, how to replay it, and which others failed.
   */
  assertPassed(): void {
    const problem = this.problem();
    if (problem !== undefined) throw problem;
  }

  private problem(): MoonpoolError | undefined {
    const [failure] = this.failures;
    if (failure !== undefined) return this.describeFailure(failure);
    if (this.seeds === 0)
      return new MoonpoolError('SIMULATION_FAILED', {
        message: `${this.title} ran no seed, so that nothing was tested`,
        remedy: 'Give it seeds to run.',
      });
    return this.requiresCoverage && this.coverage.unfired.length > 0 ? this.describeUnfired() : undefined;
  }

  /** A summary for people, one fact a line. */
  toString(): string {
    const seconds = this.realMs / 1_000;
    return [
      `${this.title}: ${this.seeds} seeds, ${this.failures.length} failed`,
      `  ${this.events} events, ${Math.round(this.events / Math.max(seconds, 0.001))} a second; ${(this.virtualMs / 1_000).toFixed(0)} s of virtual time in ${seconds.toFixed(1)} s`,
      ...(this.faults.size === 0
        ? []
        : [`  faults: ${[...this.faults].map(([site, count]) => `${site} ${count}`).join(', ')}`]),
      ...(this.staleCalls === 0
        ? []
        : [`  ${this.staleCalls} calls of dead processes: something is shared between them and the living`]),
      ...describeCoverage(this.coverage).map((line) => `  ${line}`),
      ...this.failures
        .slice(0, SHOWN_FAILURES)
        .flatMap(({ seed, error }) => [
          `  failed: seed ${seed}: ${reasonOf(error)}`,
          `    replay with: ${this.replayCommand(seed)}`,
        ]),
      ...(this.failures.length > SHOWN_FAILURES ? [`  and ${this.failures.length - SHOWN_FAILURES} more seeds`] : []),
    ].join('\n');
  }

  /** The error of a failed seed, with everything that helps to find out why. */
  describeFailure({ seed, error, virtualMs, lastEvents, hash }: SeedResult): MoonpoolError {
    const why = messageOf(error);
    const events = lastEvents.slice(-SHOWN_EVENTS).map((event) => `  ${formatEvent(event)}`);
    const others = this.failures.filter((other) => other.seed !== seed).map((other) => other.seed);
    const lines = [
      `${this.title} failed with seed ${seed} at ${formatTime(virtualMs)} of virtual time (event-log hash ${hash}).`,
      `  ${why}`,
      ...(others.length === 0
        ? []
        : [
            `So did ${others.length} of the other ${this.seeds - 1} seeds: ${others.slice(0, SHOWN_SEEDS).join(', ')}${others.length > SHOWN_SEEDS ? ', ...' : ''}`,
          ]),
      `Replay: ${this.replayCommand(seed)}`,
      `Last events:`,
      ...events,
    ];
    return new MoonpoolError('SIMULATION_FAILED', { message: `${lines.join('\n')}\n`, cause: error });
  }

  /** The error that says which `sometimes` no seed fired. */
  describeUnfired(): MoonpoolError {
    const names = this.coverage.unfired.map((name) => `'${name}'`).join(', ');
    return new MoonpoolError('SIMULATION_FAILED', {
      message: `${this.title} passed on ${this.seeds} seeds, but never saw ${names}`,
      remedy: 'Run more seeds, make the world harder, or set coverage to `report` if that may be.',
    });
  }
}

/** Why a seed failed, as one line. */
function reasonOf(error: unknown): string {
  const reason = messageOf(error)
    .trim()
    .replaceAll(/\s*\n\s*/g, ' | ');
  return reason.length > REASON_LENGTH ? `${reason.slice(0, REASON_LENGTH)}...` : reason;
}
