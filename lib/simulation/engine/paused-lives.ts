import type { ScheduledEvent } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';

/** The processes that stand still at present, and what would have happened in them meanwhile. */
export class PausedLives {
  private readonly held = new Map<NodeLife, ScheduledEvent[]>();

  pause(life: NodeLife): void {
    life.isPaused = true;
    if (!this.held.has(life)) this.held.set(life, []);
  }

  /** Keeps the event until its life goes on. */
  hold(life: NodeLife, event: ScheduledEvent): void {
    this.held.get(life)?.push(event);
  }

  /** Drops an event that was cancelled while it was held. */
  forget(event: ScheduledEvent): void {
    if (event.life?.isPaused !== true) return;
    const events = this.held.get(event.life);
    const index = events?.indexOf(event) ?? -1;
    if (index >= 0) events?.splice(index, 1);
  }

  /** The life goes on, or has ended. Returns what was held, in its order. */
  release(life: NodeLife): readonly ScheduledEvent[] {
    const events = this.held.get(life) ?? [];
    this.held.delete(life);
    life.isPaused = false;
    return events;
  }
}
