import type { ApplicationEventName, EventFields, EventLog } from '../observability/event-log';
import type { Logger } from '../observability/logger';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import type { ThreadProvider } from '../providers/thread-provider';
import type { TimeProvider } from '../providers/time-provider';

/** What local actors and their supervisors have of the world. */
export interface LocalWorldParts {
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  readonly events: EventLog;
  /** For pools of workers. */
  readonly threads: ThreadProvider;
}

/** The world around the local actors of one system. */
export class LocalWorld {
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  readonly threads: ThreadProvider;
  private readonly events: EventLog;

  constructor({ time, tasks, random, logger, events, threads }: LocalWorldParts) {
    this.time = time;
    this.tasks = tasks;
    this.random = random;
    this.logger = logger;
    this.events = events;
    this.threads = threads;
  }

  /** Takes down an event of a life, where such are taken down. */
  tell(name: ApplicationEventName, fields: EventFields): void {
    if (this.events.enabled) this.events.record(name, fields);
  }
}
