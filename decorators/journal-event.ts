import 'reflect-metadata';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteJournalEvent, type JournalEventOptions } from '../lib/metadata/journal-record';

/**
 * Marks a class whose objects are events of journals.
 * @param options the name of the event in the store, or more: the version of its shape, and how earlier ones become it.
 */
export function JournalEvent(options: string | JournalEventOptions): ClassDecorator {
  refuseBare('@JournalEvent', 'class', arguments);
  return (type, context?: unknown) => {
    requireExperimentalDecorators('@JournalEvent', context as string | symbol | undefined);
    noteJournalEvent(type, typeof options === 'string' ? { name: options } : options);
  };
}
