import type { TaskProvider } from '../providers/task-provider';

/** Something that gathers what it will write. */
export interface Flushable {
  flush(): void;
}

/**
 * Lets all connections of a node write what one turn of the event loop has gathered, at its end: one task for them all, for
 * a node that asks a hundred others for a heartbeat would make a hundred.
 */
export class FlushQueue {
  private waiting: Flushable[] = [];

  constructor(private readonly tasks: TaskProvider) {}

  add(flushable: Flushable): void {
    this.waiting.push(flushable);
    if (this.waiting.length === 1) this.tasks.defer(() => this.flushAll());
  }

  private flushAll(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const flushable of waiting) flushable.flush();
  }
}
