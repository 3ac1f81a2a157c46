import { callerFrames, placeInSource, type Frame } from './user-place';
import type { ScheduledEvent } from '../timeline/event-queue';

/** Remembers which code of the user asked for which event: a run that is traced has the time to look at its stack. */
export class Askers {
  private readonly frames = new Map<object, Frame>();
  private latest: Frame | undefined;

  note(event: ScheduledEvent): void {
    // What is of no process is the world's own doing, and the most of all.
    if (event.life === undefined) return;
    const [frame] = callerFrames('user');
    if (frame === undefined) return;
    this.frames.set(event, frame);
    this.latest = frame;
  }

  /** Notes what another run has found out of the same event: looking at the stack takes as long as all the rest of an event. */
  adopt(event: ScheduledEvent, other: Askers, counterpart: ScheduledEvent): void {
    const frame = other.frames.get(counterpart);
    if (frame === undefined) return;
    this.frames.set(event, frame);
    this.latest = frame;
  }

  /** Where the step was asked for, as an addition to its description; the empty string when nobody of the user's did. */
  of(step: object): string {
    const frame = this.frames.get(step);
    return frame === undefined ? '' : `, asked for at ${placeInSource(frame)}`;
  }

  /** Where code of the user last asked for anything; undefined when it never did. */
  get last(): string | undefined {
    return this.latest === undefined ? undefined : placeInSource(this.latest);
  }
}
