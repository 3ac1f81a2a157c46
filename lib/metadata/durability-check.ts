import { ActorState } from '../actor/actor-state';
import { isClass, type Constructor } from '../injection/token';
import { PERSIST_OPTIONS, type ActorOptions, type PersistRecord } from './actor-record';
import { checkDecorator, type Say } from './declaration-check';
import {
  JOURNAL_EVENT_OPTIONS,
  JOURNAL_OPTIONS,
  journalEventOf,
  journalRecordsOf,
  type JournalRecord,
} from './journal-record';
import { handlerRecordsOf, persistRecordsOf } from './metadata-store';
import { checkWholeTurns, hasWholeTurns } from './whole-turns';

/** True when something of the actors of the class is stored, wherever that is. */
export function isDurable(type: Constructor<object>): boolean {
  return persistRecordsOf(type).length + journalRecordsOf(type).length > 0;
}

/** True when what its turns decide has a commit to go with: answers, deliveries and reminders are kept in the default storage alone. */
export function keepsDecisions(type: Constructor<object>): boolean {
  return journalRecordsOf(type).length > 0 || persistRecordsOf(type).some(({ storage }) => storage === undefined);
}

/** What is wrong with the states and journals of the class, and with what it promises by them. */
export function checkDurability(options: ActorOptions | undefined, type: Constructor<object>, say: Say): void {
  const states = persistRecordsOf(type);
  const journals = journalRecordsOf(type);
  checkStates(states, say);
  for (const journal of journals) checkJournal(journal, say);
  checkNames([...states, ...journals], say);
  if (journals.length > 0 && !hasWholeTurns(options ?? {}))
    say("has a journal and is not declared with persist: 'after-turn': an event happens with its turn, or not at all.");
  if (options?.observes !== true) checkPromises(options, type, say);
}

function checkJournal({ property, type, name, options, isStaticMember, isField }: JournalRecord, say: Say): void {
  if (isStaticMember)
    say(`has @Journal on the static member '${property}': a journal belongs to an actor, so it is an instance field.`);
  if (!isField) say(`has @Journal on '${property}', which is no field.`);
  if (!isClass(type))
    say(`has @Journal on '${property}' without the class of its value: write @Journal(Class, { events: [...] }).`);
  else if (typeof (type.prototype as { apply?: unknown }).apply !== 'function')
    say(`has a journal '${name}' whose class ${type.name} has no method apply(event).`);
  checkDecorator(JOURNAL_OPTIONS, options, `@Journal of ${property}`, say);
  const events = Array.isArray(options?.events) ? options.events : [];
  const names = new Map<string, string>();
  for (const event of events) {
    const marked = typeof event === 'function' ? journalEventOf(event) : undefined;
    if (marked === undefined) {
      say(
        `has a journal '${name}' that lists ${(event as { name?: string } | undefined)?.name ?? String(event)}, which is not marked with @JournalEvent('name').`,
      );
      continue;
    }
    checkDecorator(JOURNAL_EVENT_OPTIONS, marked, `@JournalEvent of ${event.name}`, say);
    const { version = 1, upcast = [] } = marked;
    if (Array.isArray(upcast) && upcast.length !== version - 1)
      say(
        `has an event ${event.name} of version ${version} with ${upcast.length} functions under upcast: there must be one for each version before it.`,
      );
    const other = names.get(marked.name);
    if (other !== undefined)
      say(`has a journal '${name}' in which ${other} and ${event.name} have one name, '${marked.name}'.`);
    names.set(marked.name, event.name);
  }
}

/** Each state, and each journal, has a name of its own in the store. */
function checkNames(records: readonly { readonly name: string }[], say: Say): void {
  const names = new Set<string>();
  for (const { name } of records) {
    if (names.has(name)) say(`has two states of the name '${name}'.`);
    names.add(name);
  }
}

function checkStates(states: readonly PersistRecord[], say: Say): void {
  for (const { property, type, name, version, upcasts, options, isStaticMember, isField, emittedType } of states) {
    if (isStaticMember)
      say(`has @Persist on the static member '${property}': state belongs to an actor, so it is an instance field.`);
    if (!isField) say(`has @Persist on '${property}', which is no field: declare ${stateField(property, type)}.`);
    else if (isAnotherType(emittedType))
      say(
        `has @Persist on '${property}', which is declared as ${emittedType.name}: what the runtime puts there is an ActorState with the value in it, so declare ${stateField(property, type)}.`,
      );
    if (!isClass(type)) say(`has @Persist on '${property}' without the class of the state: write @Persist(Class).`);
    checkDecorator(PERSIST_OPTIONS, options, `@Persist of ${property}`, say);
    if (Array.isArray(upcasts) && upcasts.length !== version - 1)
      say(
        `has a state '${name}' of version ${version} with ${upcasts.length} functions under upcast: there must be one for each version before it.`,
      );
    if (typeof name !== 'string')
      say(`has @Persist on '${property}' with a name that is no text: write @Persist(Class, 'name').`);
    else if (name === '' || Buffer.byteLength(name) > 255)
      say(`has a state name of '${property}' that is empty or longer than 255 bytes.`);
  }
}

/** What can be promised only of actors that are durable, or whose turns are written whole. */
function checkPromises(options: ActorOptions | undefined, type: Constructor<object>, say: Say): void {
  const handlers = handlerRecordsOf(type);
  if (!keepsDecisions(type))
    for (const { method, options: of } of handlers) if (of?.idempotent === true) say(cannotRemember(method, type));
  if (options === undefined || !hasWholeTurns(options)) return;
  for (const { name, storage } of persistRecordsOf(type))
    if (storage !== undefined)
      say(
        `is declared with persist: 'after-turn' and keeps its state '${name}' in the storage '${storage}': a turn is one commit, and no commit goes to two storages. Use persist: 'explicit' and call persist() of each state, leave out \`storage\`, or give the state to an actor of its own.`,
      );
  if (!isDurable(type)) say("is declared with persist: 'after-turn' and has no state: add a field with @Persist.");
  checkWholeTurns(options, type, say);
}

function cannotRemember(method: string, type: Constructor<object>): string {
  if (!isDurable(type))
    return `has an idempotent handler '${method}' and no state: an answer can be remembered only where something is durable. Add a field with @Persist, or leave out \`idempotent\`.`;
  return `has an idempotent handler '${method}' and all its states in named storages: an answer is remembered in the default storage, together with a state there. Add a field with @Persist that names no storage, or leave out \`idempotent\`.`;
}

/** How a durable field is declared. */
function stateField(property: string, type: unknown): string {
  const state = typeof type === 'function' && type.name !== '' ? type.name : 'Class';
  return `@Persist(${state}) private readonly ${property}!: ActorState<${state}>`;
}

/** Types that stand for others too: for interfaces and unions, and for classes that were imported as types only. */
const UNKNOWN_TYPES: ReadonlySet<unknown> = new Set([Object, Function]);

/** True for a type that is surely not `ActorState`. */
function isAnotherType(emitted: unknown): emitted is { readonly name: string } {
  return (
    typeof emitted === 'function' &&
    !UNKNOWN_TYPES.has(emitted) &&
    emitted !== ActorState &&
    emitted.name !== ActorState.name
  );
}
