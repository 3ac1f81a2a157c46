import type { CallFilter } from '../actor/call-filter';
import type { Buggify } from '../chaos/buggify';
import type { LocalNode } from '../identity/local-node';
import type { MessageRouter } from '../messaging/message-router';
import type { EventLog } from '../observability/event-log';
import type { Logger } from '../observability/logger';
import type { Metrics } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { ActivationOptions } from './activation-options';

/** What a process needs to have turns of objects of the application, be they actors or observers. */
export interface HostingParts {
  readonly local: LocalNode;
  readonly router: MessageRouter;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly buggify: Buggify;
  readonly events: EventLog;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
  readonly metrics: Metrics;
  readonly options: ActivationOptions;
  /** Stand around the handlers of all objects here, the first outermost. */
  readonly filters: readonly CallFilter[];
}
