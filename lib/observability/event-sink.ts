import { forgoAnswer } from '../concurrency/prompt-answer';
import { contributions } from '../injection/contribution-list';
import { anyOf } from '../options/option-kind';
import type { ApplicationEventName, EventFields, EventLog, NodeEventName, ShownValue } from './event-log';
import type { Logger } from './logger';

/**
 * Is notified of every event of a process, beside whoever else is: a file, a test, what sends them elsewhere. It is told at once, in
 * the middle of what happens, so it should only take the event down. One that throws harms nothing: it misses the event, and
 * the log says so the first time.
 */
export interface EventSink {
  record(name: NodeEventName | ApplicationEventName, fields: EventFields): void;
}

/** The sinks of a process, to which modules contribute. Without any, events cost one look at `enabled`. */
export const EventSinks = contributions<EventSink>('EventSinks', {
  accepts: anyOf(
    'a sink { record(name, fields) }',
    (value) => typeof (value as { readonly record?: unknown } | null | undefined)?.record === 'function',
  ),
});

/** The event log that its world has for a process, which tells the sinks too. @param logger is notified of a sink that fails. */
export function eventLogWith(base: EventLog, sinks: readonly EventSink[], logger: Logger): EventLog {
  return sinks.length === 0 ? base : new ForkedEventLog(base, sinks, logger);
}

class ForkedEventLog implements EventLog {
  readonly within: EventLog['within'];
  readonly persisting: EventLog['persisting'];
  private readonly failed = new Set<EventSink>();

  constructor(
    private readonly base: EventLog,
    private readonly sinks: readonly EventSink[],
    private readonly logger: Logger,
  ) {
    this.within = base.within?.bind(base);
    this.persisting = base.persisting?.bind(base);
  }

  get enabled(): boolean {
    return true;
  }

  get shows(): ((value: ShownValue) => void) | undefined {
    return this.base.shows;
  }

  record(name: NodeEventName | ApplicationEventName, fields: EventFields): void {
    if (this.base.enabled) this.base.record(name, fields);
    for (const sink of this.sinks) {
      try {
        forgoAnswer(sink.record(name, fields));
      } catch (error) {
        if (!this.failed.has(sink)) this.logger.error('a sink of events failed', error, { event: name });
        this.failed.add(sink);
      }
    }
  }
}
