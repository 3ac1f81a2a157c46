import { MoonpoolError } from '../../errors/moonpool-error';
import type { ScheduledEvent } from './event-queue';
import { formatEvent, type Timeline, type TimelineEvent } from './timeline';
import { formatTime } from './virtual-time';

/** One step of a run: an event of the queue, or of the timeline. */
type Step = ScheduledEvent | TimelineEvent;

/** How many steps a trace keeps; a run that is longer is compared up to here. */
const TRACE_LIMIT = 2_000_000;

/** Takes down every step of a run, to compare another run of the same seed with it. */
export interface Trace {
  /** @param fail makes the run fail. */
  follow(timeline: Timeline, fail: (error: unknown) => void): void;
  step(event: ScheduledEvent): void;
}

/** The first run: keeps its steps. */
export class RecordingTrace implements Trace {
  readonly steps: Step[] = [];

  follow(timeline: Timeline): void {
    timeline.listen((event) => this.keep(event));
  }

  step(event: ScheduledEvent): void {
    this.keep(event);
  }

  private keep(step: Step): void {
    if (this.steps.length < TRACE_LIMIT) this.steps.push(step);
  }
}

/** The second run: compares its steps, and fails at the first that differs. */
export class ComparingTrace implements Trace {
  private compared = 0;
  private timeline: Timeline | undefined;
  private fail: (error: unknown) => void = () => undefined;

  constructor(private readonly first: RecordingTrace) {}

  follow(timeline: Timeline, fail: (error: unknown) => void): void {
    this.timeline = timeline;
    this.fail = fail;
    timeline.listen((event) => this.compare(event));
  }

  step(event: ScheduledEvent): void {
    this.compare(event);
  }

  /** @throws MoonpoolError SIMULATION_NOT_DETERMINISTIC when the first run went on where this one ended. */
  end(): void {
    const next = this.first.steps[this.compared];
    if (next !== undefined) throw this.parted(next, undefined);
  }

  private compare(step: Step): void {
    const index = this.compared++;
    if (index >= TRACE_LIMIT) return;
    const expected = this.first.steps[index];
    if (expected === undefined || describe(expected) !== describe(step)) this.fail(this.parted(expected, step));
  }

  private parted(expected: Step | undefined, found: Step | undefined): MoonpoolError {
    const before = this.timeline?.last(5).filter((event) => event !== found).map(formatEvent) ?? [];
    const lines = [
      `Two runs of one seed parted at step ${this.compared}`,
      ...before.map((line) => `  both:   ${line.trimStart()}`),
      `  first:  ${expected === undefined ? '(had ended)' : describe(expected)}`,
      `  second: ${found === undefined ? '(had ended)' : describe(found)}`,
      'The difference was made in the promise jobs just before this step',
    ];
    return new MoonpoolError('SIMULATION_NOT_DETERMINISTIC', { message: lines.join('\n') });
  }
}

function describe(step: Step): string {
  if ('node' in step) return formatEvent(step).trimStart();
  return `${formatTime(step.time)} ${step.life?.toString() ?? 'world'} ${step.kind.name}`;
}
