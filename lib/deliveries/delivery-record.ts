import type { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import { seal, unseal, type RecordKind } from '../storage/sealed-record';
import { readSchedule, writeSchedule, type Schedule } from './schedule';

const DELIVERY: RecordKind = { what: 'stored record of the delivery', format: 1 };

/** How much of the message of an error is kept, in letters. */
const MAX_ERROR_LETTERS = 2_000;

/** Why the last attempt failed. */
export interface DeliveryFailure {
  /** Of a MoonpoolError its code, otherwise the name of the error. */
  readonly code: string;
  readonly message: string;
}

/** What makes a delivery a reminder. */
export interface ReminderPart {
  readonly name: string;
  /** By which `context.remind` it was set: one that was set again is another one. */
  readonly setting: string;
  /** How many due times were passed over since the last one that was executed. */
  readonly missed: number;
  readonly schedule: Schedule;
}

/** What a store keeps of a delivery: the call that is to be made, and what became of it so far. */
export interface DeliveryRecord {
  /** The path of the actor. */
  readonly target: string;
  /** The handler, by its name on the wire. */
  readonly method: string;
  /** The list of arguments as the serializer has written it. */
  readonly args: Uint8Array;
  /** What is said about the request, likewise. */
  readonly values: Uint8Array | undefined;
  /** By which the actor knows a call that it has executed already: the same for all attempts until its handler refuses it. */
  readonly key: string;
  /** How often its handler has ended with an error, ever. */
  readonly executions: number;
  /** How often it was tried for its present due time. */
  readonly attempts: number;
  /** How often its handler has refused it, for its present due time. */
  readonly refusals: number;
  /** When it was due, in milliseconds since 1970 by the store's clock; undefined: as the store says, for it was not tried yet. */
  readonly dueAt: number | undefined;
  readonly failure: DeliveryFailure | undefined;
  readonly reminder: ReminderPart | undefined;
}

/** What the record says of what it holds. */
const Has = { values: 1, failure: 2, reminder: 4 } as const;

/**
 *     target u16, text | method u8, text | key u16, text | executions u32 | attempts u32 | refusals u32 | due f64 or NaN | flags u8
 *     | values: u32, bytes | failure: code u8, text, message u16, text | reminder: name u8, text, setting u8, text, missed f64, schedule
 *     | arguments: u32, bytes
 */
export function encodeDelivery(id: string, record: DeliveryRecord): Uint8Array {
  return seal(DELIVERY, id, (writer) => {
    const { values, failure, reminder } = record;
    writer.longText(record.target);
    writer.shortText(record.method);
    writer.longText(record.key);
    writer.uint32(record.executions);
    writer.uint32(record.attempts);
    writer.uint32(record.refusals);
    writer.float64(record.dueAt ?? Number.NaN);
    writer.uint8(
      (values === undefined ? 0 : Has.values) |
        (failure === undefined ? 0 : Has.failure) |
        (reminder === undefined ? 0 : Has.reminder),
    );
    if (values !== undefined) writeBytes(values, writer);
    if (failure !== undefined) {
      writer.shortText(failure.code.slice(0, 60));
      writer.longText(failure.message.slice(0, MAX_ERROR_LETTERS));
    }
    if (reminder !== undefined) {
      writer.shortText(reminder.name);
      writer.shortText(reminder.setting);
      writer.float64(reminder.missed);
      writeSchedule(reminder.schedule, writer);
    }
    writeBytes(record.args, writer);
  });
}

/** @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED; nothing of the record is taken then. */
export function decodeDelivery(id: string, target: string, bytes: Uint8Array): DeliveryRecord {
  return unseal(DELIVERY, id, bytes, (reader) => {
    const record = readRecord(reader);
    if (record.target !== target) throw new Error(`it is for ${record.target}, and is kept as one for ${target}`);
    return record;
  });
}

function readRecord(reader: ByteReader): DeliveryRecord {
  const target = reader.longText();
  const method = reader.shortText();
  const key = reader.longText();
  const executions = reader.uint32();
  const attempts = reader.uint32();
  const refusals = reader.uint32();
  const dueAt = reader.float64();
  const flags = reader.uint8();
  if (flags >= Has.reminder * 2) throw new Error(`its flags are ${flags}`);
  const values = (flags & Has.values) === 0 ? undefined : readBytes(reader);
  const failure = (flags & Has.failure) === 0 ? undefined : { code: reader.shortText(), message: reader.longText() };
  const reminder = (flags & Has.reminder) === 0 ? undefined : readReminder(reader);
  return {
    target,
    method,
    key,
    executions,
    attempts,
    refusals,
    dueAt: Number.isNaN(dueAt) ? undefined : dueAt,
    values,
    failure,
    reminder,
    args: readBytes(reader),
  };
}

function readReminder(reader: ByteReader): ReminderPart {
  return {
    name: reader.shortText(),
    setting: reader.shortText(),
    missed: reader.float64(),
    schedule: readSchedule(reader),
  };
}

function writeBytes(bytes: Uint8Array, writer: ByteWriter): void {
  writer.uint32(bytes.length);
  writer.bytes(bytes);
}

function readBytes(reader: ByteReader): Uint8Array {
  return reader.bytes(reader.uint32());
}
