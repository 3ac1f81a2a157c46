import { MoonpoolError } from '../../errors/moonpool-error';
import { Askers } from './askers';
import type { ScheduledEvent } from '../timeline/event-queue';
import { formatPlainEvent, type Timeline, type TimelineEvent } from '../timeline/timeline';
import { formatTime } from '../timeline/virtual-time';

/** One step of a run: an event of the queue, or of the timeline. */
type Step = ScheduledEvent | TimelineEvent;

/** How many steps a trace keeps; a run that is longer is compared up to here. */
const TRACE_LIMIT = 2_000_000;

/** Takes down every step of a run, to compare another run of the same seed with it. */
export interface Trace {
  /** @param fail makes the run fail. */
  follow(timeline: Timeline, fail: (error: unknown) => void): void;
  step(event: ScheduledEvent): void;
  /** Is notified of each event when somebody asks for it. */
  scheduled(event: ScheduledEvent): void;
}

/** The first run: keeps its steps. */
export class RecordingTrace implements Trace {
  readonly steps: Step[] = [];
  readonly askers = new Askers();
  /** Everything that was asked for, in that order. */
  readonly asked: ScheduledEvent[] = [];

  follow(timeline: Timeline): void {
    timeline.listen((event) => this.keep(event));
  }

  step(event: ScheduledEvent): void {
    this.keep(event);
  }

  scheduled(event: ScheduledEvent): void {
    if (this.asked.length < TRACE_LIMIT) this.asked.push(event);
    this.askers.note(event);
  }

  private keep(step: Step): void {
    if (this.steps.length < TRACE_LIMIT) this.steps.push(step);
  }
}

/** The second run: compares its steps, and fails at the first that differs. */
export class ComparingTrace implements Trace {
  private readonly askers = new Askers();
  private compared = 0;
  /** The event of the queue that happened last: code that makes a difference runs in its promise jobs. */
  private present: ScheduledEvent | undefined;
  /** The node in whose hands something was last seen in that event; a delivery is an event of the world, and what it sets off is not. */
  private hands: string | undefined;
  /** The turns that have begun and not ended, each with the node that it is on. */
  private readonly turns = new Map<string, { readonly node: string; readonly what: string }>();
  private timeline: Timeline | undefined;
  private fail: (error: unknown) => void = () => undefined;

  constructor(private readonly first: RecordingTrace) {}

  follow(timeline: Timeline, fail: (error: unknown) => void): void {
    this.timeline = timeline;
    this.fail = fail;
    timeline.listen((event) => {
      this.compare(event);
      if (event.node !== '') this.hands = event.node;
      this.followTurn(event);
    });
  }

  step(event: ScheduledEvent): void {
    this.compare(event);
    this.present = event;
    this.hands = event.life?.machine;
  }

  scheduled(event: ScheduledEvent): void {
    const expected = this.first.asked[event.sequence - 1];
    if (expected !== undefined && isSameEvent(expected, event)) this.askers.adopt(event, this.first.askers, expected);
    else this.askers.note(event);
  }

  /** What is wrong when the first run went on where this one ended; undefined when it did not. */
  parting(): MoonpoolError | undefined {
    const next = this.first.steps[this.compared];
    return next === undefined ? undefined : this.parted(next, undefined);
  }

  private compare(step: Step): void {
    const index = this.compared++;
    if (index >= TRACE_LIMIT) return;
    const expected = this.first.steps[index];
    if (expected === undefined || !isSame(expected, step)) this.fail(this.parted(expected, step));
  }

  private followTurn(event: TimelineEvent): void {
    const { name, node, fields } = event;
    if (name === 'turn-start')
      this.turns.set(turnOf(event), { node, what: `${String(fields['method'])} of ${String(fields['actor'])}` });
    else if (name === 'turn-end') this.turns.delete(turnOf(event));
  }

  /** Where the difference was made, as far as it can be known. */
  private suspect(): string {
    const { present, hands } = this;
    if (present === undefined) return 'The difference was made before the first event';
    const place = `The difference was made in the event ${describe(present)}, or in the promise jobs after it`;
    const turns = [...this.turns.values()].filter(({ node }) => node === hands).map(({ what }) => what);
    if (hands === undefined) return `${place}: in the code of the test, or of the world`;
    return turns.length === 0
      ? `${place}, on ${hands}`
      : `${place}, on ${hands}, where these turns were open: ${turns.slice(-5).join(', ')}`;
  }

  private parted(expected: Step | undefined, found: Step | undefined): MoonpoolError {
    const before =
      this.timeline
        ?.last(5)
        .filter((event) => event !== found)
        .map(formatPlainEvent) ?? [];
    const lines = [
      `Two runs of one seed parted at step ${this.compared}`,
      ...before.map((line) => `  both:   ${line.trimStart()}`),
      `  first:  ${expected === undefined ? '(had ended)' : describe(expected) + this.first.askers.of(expected)}`,
      `  second: ${found === undefined ? '(had ended)' : describe(found) + this.askers.of(found)}`,
      this.suspect(),
      ...(this.askers.last === undefined
        ? []
        : [`Code of the application last asked for something at ${this.askers.last}`]),
    ];
    return new MoonpoolError('SIMULATION_NOT_DETERMINISTIC', { message: lines.join('\n') });
  }
}

function turnOf({ fields }: TimelineEvent): string {
  return `${String(fields['activation'])} ${String(fields['turn'])}`;
}

/** What reads the same is the same; it is only put into words where it is not the same to the last value. */
function isSame(one: Step, other: Step): boolean {
  const isEqual =
    'node' in one ? 'node' in other && isSameRecord(one, other) : !('node' in other) && isSameEvent(one, other);
  return isEqual || describe(one) === describe(other);
}

function isSameEvent(one: ScheduledEvent, other: ScheduledEvent): boolean {
  return one.time === other.time && one.kind === other.kind && one.life?.toString() === other.life?.toString();
}

function isSameRecord(one: TimelineEvent, other: TimelineEvent): boolean {
  if (one.sequence !== other.sequence || one.at !== other.at || one.name !== other.name) return false;
  if (one.node !== other.node || one.generation !== other.generation) return false;
  const fields = Object.keys(one.fields);
  const others = Object.keys(other.fields);
  return (
    fields.length === others.length &&
    fields.every((field, index) => field === others[index] && one.fields[field] === other.fields[field])
  );
}

function describe(step: Step): string {
  if ('node' in step) return formatPlainEvent(step).trimStart();
  return `${formatTime(step.time)} ${step.life?.toString() ?? 'world'} ${step.kind.name}`;
}
