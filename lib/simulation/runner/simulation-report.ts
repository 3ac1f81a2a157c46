import { MoonpoolError } from '../../errors/moonpool-error';
import { Coverage } from '../cluster/coverage';
import { describeCoverage } from '../cluster/coverage-lines';
import { formatEvent } from '../engine/timeline';
import { formatTime } from '../engine/virtual-time';
import type { SeedResult } from './run-seed';

/** How many of the last events a failure shows. */
const SHOWN_EVENTS = 30;

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

  /** A summary for people, one fact a line. */
  toString(): string {
    const seconds = this.realMs / 1_000;
    return [
      `${this.title}: ${this.seeds} seeds, ${this.failures.length} failed`,
      `  ${this.events} events, ${Math.round(this.events / Math.max(seconds, 0.001))} a second; ${(this.virtualMs / 1_000).toFixed(0)} s of virtual time in ${seconds.toFixed(1)} s`,
      ...(this.faults.size === 0 ? [] : [`  faults: ${[...this.faults].map(([site, count]) => `${site} ${count}`).join(', ')}`]),
      ...(this.staleCalls === 0 ? [] : [`  ${this.staleCalls} calls of dead processes: something is shared between them and the living`]),
      ...describeCoverage(this.coverage).map((line) => `  ${line}`),
      ...this.failures.slice(0, 10).map(({ seed }) => `  failed: seed ${seed}; replay with: ${this.replayCommand(seed)}`),
    ].join('\n');
  }

  /** The error of a failed seed, with everything that helps to find out why. */
  describeFailure({ seed, error, virtualMs, lastEvents, hash }: SeedResult): MoonpoolError {
    const why = error instanceof Error ? error.message : String(error);
    const events = lastEvents.slice(-SHOWN_EVENTS).map((event) => `  ${formatEvent(event)}`);
    const lines = [
      `${this.title} failed with seed ${seed} at ${formatTime(virtualMs)} of virtual time (event-log hash ${hash}).`,
      `  ${why}`,
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
