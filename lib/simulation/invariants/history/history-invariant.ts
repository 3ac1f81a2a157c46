import type { TimelineEventName } from '../../timeline/event-names';
import { OBSERVER } from '../../../addressing/observer-addressing';
import { WORKER_PREFIX } from '../../../addressing/worker-addressing';
import type { TimelineEvent } from '../../timeline/timeline';

/** A property of the history of a run, checked event by event. */
export interface HistoryInvariant {
  readonly name: string;
  /** The names of the events that it looks at. */
  readonly after: readonly TimelineEventName[];
  /** Looks at the next event. Returns what is wrong, or undefined. */
  observe(event: TimelineEvent): string | undefined;
}

/** A field that must be a text. */
export function textField({ fields }: TimelineEvent, name: string): string {
  return String(fields[name] ?? '');
}

/** A field that must be a number. */
export function numberField({ fields }: TimelineEvent, name: string): number {
  return Number(fields[name] ?? Number.NaN);
}

/** Whose state an event speaks of, and in which storage: each has epochs and versions of its own. */
export function stateField(event: TimelineEvent): string {
  const storage = textField(event, 'storage');
  const actor = textField(event, 'actor');
  return storage === '' ? actor : `${actor} in the storage '${storage}'`;
}

/** True for activations that are not the only one of their id: observers and stateless workers, which say so in theirs. */
export function isOneOfSeveral(activation: string): boolean {
  return activation.startsWith(OBSERVER.activationPrefix) || isOfWorkers(activation);
}

/** True for activations of stateless workers: a call may go to any of them. */
export function isOfWorkers(activation: string): boolean {
  return activation.startsWith(WORKER_PREFIX);
}
