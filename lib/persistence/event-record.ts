import type { ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import { describeValue } from '../errors/describe-value';
import type { Constructor } from '../injection/token';
import { journalEventOf, type JournalEventOptions, type JournalRecord } from '../metadata/journal-record';
import { kindOf } from '../serialization/carried-object';
import { storedForm } from '../serialization/stored-form';
import { build } from '../serialization/instance-builder';
import type { Serializer } from '../serialization/serializer';
import { writeNamed } from '../serialization/uncarried-value';
import { seal, unseal, type RecordKind } from '../storage/sealed-record';
import { FIRST_VERSION } from './state-record';
import { upcast } from './upcast';

const KIND: RecordKind = { what: 'stored event', format: 1 };

/** An event as its record tells it. */
export interface EventRecord {
  /** That of the journal. */
  readonly journal: string;
  /** That of the event. */
  readonly name: string;
  readonly version: number;
  /** As plain data. */
  readonly plain: unknown;
}

/** Whose an event is: its number is in its record, so that none can stand in the place of another. */
function ownerOf(actor: string, number: number): string {
  return `${actor}#${number}`;
}

/**
 * The body of a sealed record: `journal u8, text | name u8, text | version u16 | value`.
 * @throws MoonpoolError UNKNOWN_EVENT, UNSERIALIZABLE_VALUE
 */
export function encodeEvent(
  actor: string,
  number: number,
  { name: journal, options }: JournalRecord,
  event: object,
  serializer: Serializer,
): Uint8Array {
  const type = event?.constructor as Constructor<object> | undefined;
  const marked = type === undefined || !options.events.includes(type) ? undefined : journalEventOf(type);
  if (type === undefined || marked === undefined)
    throw new MoonpoolError('UNKNOWN_EVENT', {
      message: `The journal '${journal}' of ${actor} was given ${describeValue(event)}; its events are ${options.events.map(({ name }) => name).join(', ')}`,
      executed: 'yes',
    });
  return seal(KIND, ownerOf(actor, number), (writer) => {
    writer.shortText(journal);
    writer.shortText(marked.name);
    writer.uint16(marked.version ?? FIRST_VERSION);
    writeNamed(`The event ${marked.name} of ${actor}`, storedForm(type, event), serializer, writer);
  });
}

/** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED, UNKNOWN_REFERENCE */
export function decodeEvent(
  actor: string,
  number: number,
  record: Uint8Array,
  serializer: Serializer,
  references: ReferenceReader,
): EventRecord {
  return unseal(KIND, ownerOf(actor, number), record, (reader) => ({
    journal: reader.shortText(),
    name: reader.shortText(),
    version: reader.uint16(),
    plain: serializer.read(reader.rest(), references),
  }));
}

/** The event as an instance of its class. @throws MoonpoolError STORAGE_TOO_NEW for one that the journal does not know, STATE_NOT_REBUILT, STORAGE_CORRUPT */
export function eventOf(actor: string, number: number, { options }: JournalRecord, record: EventRecord): object {
  const found = options.events
    .map((type) => ({ type, marked: journalEventOf(type) as JournalEventOptions }))
    .find(({ marked }) => marked.name === record.name);
  const version = found?.marked.version ?? FIRST_VERSION;
  if (found === undefined || record.version > version)
    throw new MoonpoolError('STORAGE_TOO_NEW', {
      message: `The event ${number} of ${actor} is '${record.name}' of version ${record.version}, ${found === undefined ? 'which the journal does not list' : `and its class here has version ${version}`}`,
      remedy: 'List the class of the event in @Journal, or let a node with the newer release serve the actor.',
    });
  const plain = upcast(record.plain, {
    from: record.version,
    to: version,
    upcasts: found.marked.upcast ?? [],
    what: `The event ${number} of ${actor}, '${record.name}',`,
  });
  if (typeof plain !== 'object' || plain === null || kindOf(plain) !== 'record')
    throw new MoonpoolError('STORAGE_CORRUPT', { message: `The event ${number} of ${actor} is no object of a class` });
  return build(found.type, plain, 'state');
}
