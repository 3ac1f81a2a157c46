import type { ApplicationEventName, EventFields, EventLog } from '../observability/event-log';
import type { Logger } from '../observability/logger';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';

/** What local actors and their supervisors have of the world. */
export interface LocalWorldParts {
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  readonly events: EventLog;
}

/** The world around the local actors of one system. */
export class LocalWorld {
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  private readonly events: EventLog;

  constructor({ time, tasks, random, logger, events }: LocalWorldParts) {
    this.time = time;
    this.tasks = tasks;
    this.random = random;
    this.logger = logger;
    this.events = events;
  }

  /** Takes down an event of a life, where such are taken down. */
  tell(name: ApplicationEventName, fields: EventFields): void {
    if (this.events.enabled) this.events.record(name, fields);
  }
}
