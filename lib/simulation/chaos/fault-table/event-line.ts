import { describeFault } from './fault-table';
import type { ToldFacts } from './fault-words';
import { formatPlainEvent, type TimelineEvent } from '../../timeline/timeline';

/** An event as one readable line; a fault says what it does, and to whom. */
export function formatEvent(event: TimelineEvent): string {
  const { name, fields, told } = event;
  const sentence = name === 'fault' ? describeFault(String(fields['name']), told as ToldFacts | undefined) : undefined;
  return sentence === undefined ? formatPlainEvent(event) : `${formatPlainEvent(event)}: ${sentence}`;
}
