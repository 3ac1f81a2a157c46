import 'reflect-metadata';
import { MoonpoolError } from '../errors/moonpool-error';
import type {
  ActorOptions,
  HandlerRecord,
  PersistRecord,
  Reentrancy,
  ReminderRecord,
  StatelessWorkerOptions,
  TimerRecord,
} from './actor-record';
import { noteCopy } from './package-copy';

const ACTOR = Symbol.for('moonpool:actor');
const HANDLERS = Symbol.for('moonpool:handlers');
const STATES = Symbol.for('moonpool:states');
const TIMERS = Symbol.for('moonpool:timers');
const REMINDERS = Symbol.for('moonpool:reminders');
const REENTRANCY = Symbol.for('moonpool:reentrancy');
const STATELESS_WORKER = Symbol.for('moonpool:stateless-worker');
const INTERLEAVING = Symbol.for('moonpool:interleaving');

/** Notes that the class is an actor class. @throws MoonpoolError INVALID_ACTOR_CLASSES */
export function noteActor(type: object, options: ActorOptions): void {
  if (Reflect.hasOwnMetadata(ACTOR, type)) throw twice('@Actor', nameOfType(type));
  noteCopy(type);
  Reflect.defineMetadata(ACTOR, options, type);
}

/** Notes a handler of the class. @throws MoonpoolError INVALID_ACTOR_CLASSES */
export function noteHandler(type: object, record: HandlerRecord): void {
  const own = (Reflect.getOwnMetadata(HANDLERS, type) as readonly HandlerRecord[] | undefined) ?? [];
  const { method, isStaticMember } = record;
  if (own.some((other) => other.method === method && other.isStaticMember === isStaticMember))
    throw twice('@Handler', `'${method}' of ${nameOfType(type)}`);
  noteCopy(type);
  appendRecord(HANDLERS, type, record);
}

/** The options of one of them would be lost. */
function twice(decorator: string, on: string): MoonpoolError {
  return new MoonpoolError('INVALID_ACTOR_CLASSES', {
    message: `${decorator} stands on ${on} twice`,
    remedy: `Leave one ${decorator}(...) there, with the options of both.`,
  });
}

function nameOfType(type: object): string {
  return typeof type === 'function' && type.name !== '' ? type.name : 'an anonymous class';
}

/** Notes a durable field of the class. */
export function notePersist(type: object, record: PersistRecord): void {
  appendRecord(STATES, type, record);
}

/** Notes a method of the class that a timer calls. */
export function noteTimer(type: object, record: TimerRecord): void {
  appendRecord(TIMERS, type, record);
}

/** Notes a method of the class that a reminder calls. */
export function noteReminder(type: object, record: ReminderRecord): void {
  appendRecord(REMINDERS, type, record);
}

/** Notes which calls of the class may overlap a turn. */
export function noteReentrancy(type: object, reentrancy: Reentrancy): void {
  Reflect.defineMetadata(REENTRANCY, reentrancy, type);
}

/** Notes that a node may have several activations of one key of the class. */
export function noteStatelessWorker(type: object, options: StatelessWorkerOptions): void {
  Reflect.defineMetadata(STATELESS_WORKER, options, type);
}

/** Notes that turns of the method may overlap all others. */
export function noteInterleaving(type: object, method: string): void {
  appendRecord(INTERLEAVING, type, method);
}

/** What `@Actor` said of the class itself, not of a class that it extends. */
export function actorOptionsOf(type: object): ActorOptions | undefined {
  return Reflect.getOwnMetadata(ACTOR, type) as ActorOptions | undefined;
}

/** The handlers of the class and of those that it extends, base classes first. */
export function handlerRecordsOf(type: object): readonly HandlerRecord[] {
  return collectRecords<HandlerRecord>(HANDLERS, type);
}

/** The durable fields of the class and of those that it extends, base classes first. */
export function persistRecordsOf(type: object): readonly PersistRecord[] {
  return collectRecords<PersistRecord>(STATES, type);
}

/** The methods of the class and of those that it extends which timers call, base classes first. */
export function timerRecordsOf(type: object): readonly TimerRecord[] {
  return collectRecords<TimerRecord>(TIMERS, type);
}

/** The methods of the class and of those that it extends which reminders call, base classes first. */
export function reminderRecordsOf(type: object): readonly ReminderRecord[] {
  return collectRecords<ReminderRecord>(REMINDERS, type);
}

/** What `@Reentrant` said of the class, or of the nearest one that it extends. */
export function reentrancyOf(type: object): Reentrancy | undefined {
  return Reflect.getMetadata(REENTRANCY, type) as Reentrancy | undefined;
}

/** What `@StatelessWorker` said of the class, or of the nearest one that it extends. */
export function statelessWorkerOf(type: object): StatelessWorkerOptions | undefined {
  return Reflect.getMetadata(STATELESS_WORKER, type) as StatelessWorkerOptions | undefined;
}

/** The methods marked with `@AlwaysInterleave`, of the class and of those that it extends. */
export function interleavingMethodsOf(type: object): readonly string[] {
  return collectRecords<string>(INTERLEAVING, type);
}

/** Adds a record to those that the class itself has under the key. */
export function appendRecord<T>(key: symbol, type: object, record: T): void {
  const own = Reflect.getOwnMetadata(key, type) as T[] | undefined;
  if (own === undefined) Reflect.defineMetadata(key, [record], type);
  else own.push(record);
}

/** The records under the key of the class and of those that it extends, base classes first. */
export function collectRecords<T>(key: symbol, type: object): readonly T[] {
  const records: T[] = [];
  for (let at: unknown = type; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    records.unshift(...((Reflect.getOwnMetadata(key, at) as T[] | undefined) ?? []));
  }
  return records;
}
