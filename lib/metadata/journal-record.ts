import 'reflect-metadata';
import type { Constructor } from '../injection/token';
import {
  anything,
  callback,
  count,
  list,
  mandatory,
  text,
  type OptionKind,
  type RequiredOption,
} from '../options/option-kind';
import { optionTable } from '../options/option-table';
import type { StateUpcast } from './actor-record';
import { appendRecord, collectRecords } from './metadata-store';

/** The options of `@JournalEvent`. */
export interface JournalEventOptions {
  /** The name of the event in the store. It is given and never taken from the class, so that renaming or minifying the class loses nothing. */
  readonly name: string;
  /** The version of its shape: 1 more whenever what is stored must be read in another way. Default: 1. */
  readonly version?: number;
  /** One function for each version before the present one, the first for version 1: it makes the plain data of the next version. */
  readonly upcast?: readonly StateUpcast[];
}

export const JOURNAL_EVENT_OPTIONS = optionTable<JournalEventOptions>({
  name: mandatory(text('a name')),
  version: count(1, 65_535),
  upcast: list('a list of functions', callback('a function (stored) => stored of the next version')) as OptionKind<
    readonly StateUpcast[]
  >,
});

/** The options of `@Journal`. */
export interface JournalOptions {
  /** The classes of its events, each marked with `@JournalEvent`. */
  readonly events: readonly Constructor<object>[];
  /** The name of the journal in the store. Default: the name of the field. */
  readonly name?: string;
  /** The version of the value: 1 more whenever its shape, or what `apply` makes of events, is another one. Values of other versions that were kept are made again from all events. Default: 1. */
  readonly version?: number;
  /** After how many events the value is kept too, so that an activation need not read all events. Default: 100. */
  readonly snapshotEvery?: number;
}

export const JOURNAL_OPTIONS = optionTable<JournalOptions>({
  // Each is looked at with what it was marked with.
  events: mandatory(list('a list of classes marked with @JournalEvent', anything)) as RequiredOption<
    readonly Constructor<object>[]
  >,
  name: text('a name'),
  version: count(1, 65_535),
  snapshotEvery: count(1),
});

/** What `@Journal` notes about a field. */
export interface JournalRecord {
  readonly property: string;
  /** The class of the value, which has a method `apply`. */
  readonly type: Constructor<object>;
  readonly name: string;
  readonly options: JournalOptions;
  readonly isStaticMember: boolean;
  readonly isField: boolean;
}

const EVENT = Symbol.for('moonpool:journal-event');
const JOURNALS = Symbol.for('moonpool:journals');

/** Notes that objects of the class are events. */
export function noteJournalEvent(type: object, options: JournalEventOptions): void {
  Reflect.defineMetadata(EVENT, options, type);
}

/** What `@JournalEvent` said of the class itself. */
export function journalEventOf(type: object): JournalEventOptions | undefined {
  return Reflect.getOwnMetadata(EVENT, type) as JournalEventOptions | undefined;
}

/** Notes a journal of the class. */
export function noteJournal(type: object, record: JournalRecord): void {
  appendRecord(JOURNALS, type, record);
}

/** The journals of the class and of those that it extends, base classes first. */
export function journalRecordsOf(type: object): readonly JournalRecord[] {
  return collectRecords<JournalRecord>(JOURNALS, type);
}
