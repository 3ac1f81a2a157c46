import { describeValue } from '../errors/describe-value';
import { isMoonpoolError } from '../errors/moonpool-error';
import { messageOf } from '../errors/thrown-value';
import { HOOK_NAMES, type HookName } from '../actor/hooks';
import { MAX_REMINDER_NAME_BYTES } from '../actor/reminder';
import { checkName } from '../identity/actor-id';
import { constructorDependencies, isInjectedByTsyringe } from '../injection/constructor-dependencies';
import { isClass, type Constructor } from '../injection/token';
import { label } from '../options/option-kind';
import { isWellFormed, OF_WHOLE_LETTERS } from '../options/well-formed-text';
import {
  ACTOR_OPTIONS,
  HANDLER_OPTIONS,
  OBSERVER_OPTIONS,
  reentrancy,
  STATELESS_WORKER_OPTIONS,
  TIMER_OPTIONS,
  type ActorOptions,
  type HandlerRecord,
  type StatelessWorkerOptions,
  type TimerOptions,
  type TimerRecord,
} from './actor-record';
import { checkDecorator, type Say } from './declaration-check';
import { checkDurability, isDurable, keepsDecisions } from './durability-check';
import { journalRecordsOf } from './journal-record';
import { NAMES_OF_THE_LANGUAGE } from './names-of-the-language';
import { otherCopy } from './package-copy';
import { checkValues } from './value-validator';
import {
  actorOptionsOf,
  handlerRecordsOf,
  interleavingMethodsOf,
  persistRecordsOf,
  reentrancyOf,
  reminderRecordsOf,
  statelessWorkerOf,
  timerRecordsOf,
} from './metadata-store';

/** A request carries the name of its handler with its length in one byte before it. */
const MAX_METHOD_BYTES = 255;

/** Every mistake in the declarations of the classes, as sentences that name the class. */
export function findMistakes(
  types: readonly Constructor<object>[],
  observers: readonly Constructor<object>[] = [],
): readonly string[] {
  const mistakes: string[] = [];
  const classByName = new Map<string, Constructor<object>>();
  for (const type of [...types, ...observers]) {
    if (!isClass(type)) {
      mistakes.push(`The list of actors holds ${describeValue(type)}, which is no class.`);
      continue;
    }
    const say = (mistake: string) => mistakes.push(`${type.name || 'An anonymous class'} ${mistake}`);
    try {
      checkClass(type, classByName, observers, say);
    } catch (error) {
      if (isMoonpoolError(error)) throw error;
      say(`is declared with something that does not let itself be looked at (${messageOf(error)}).`);
    }
  }
  return mistakes;
}

function checkClass(
  type: Constructor<object>,
  classByName: Map<string, Constructor<object>>,
  observers: readonly Constructor<object>[],
  say: Say,
): void {
  const foreign = otherCopy(type);
  if (foreign !== undefined) return say(foreign);
  const options = actorOptionsOf(type);
  if (options === undefined) say("is not marked with @Actor({ name: '...' }); a class that it extends does not count.");
  else checkActor(options, type, classByName, say);
  checkHandlers(handlerRecordsOf(type), say);
  checkMigration(type, say);
  checkValues(
    { handlers: handlerRecordsOf(type), states: persistRecordsOf(type), journals: journalRecordsOf(type) },
    say,
  );
  checkInterleaving(interleavingMethodsOf(type), handlerRecordsOf(type), say);
  checkTimers(timerRecordsOf(type), say);
  checkReminders(type, options, say);
  checkDurability(options, type, say);
  const worker = statelessWorkerOf(type);
  if (worker !== undefined) checkDecorator(STATELESS_WORKER_OPTIONS, worker, '@StatelessWorker', say);
  checkWorker(options?.statelessWorker ?? worker, type, say);
  checkStatic(options, options?.statelessWorker ?? worker, say);
  if (options !== undefined) checkPlace(options.observes === true, observers.includes(type), say);
  if (options?.observes === true) checkObserver(type, say);
  else checkDependencies(type, say);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function checkActor(
  options: ActorOptions,
  type: Constructor<object>,
  classByName: Map<string, Constructor<object>>,
  say: Say,
): void {
  // What is wrong with the name is told with the names of all classes.
  const named = isRecord(options) ? { ...options, name: type.name } : options;
  if (options?.observes === true) checkDecorator(OBSERVER_OPTIONS, named, '@Observer', say);
  else checkDecorator(ACTOR_OPTIONS, named, '@Actor', say);
  if (typeof options?.name !== 'string' || options.name === '') {
    say("has no wire name: write @Actor({ name: '...' }); the name is stored, so it is never taken from the class.");
  } else {
    try {
      checkName('wire name', options.name);
    } catch (error) {
      if (!isMoonpoolError(error)) throw error;
      say(`has a wire name that cannot be used: ${error.message}`);
    }
    const other = classByName.get(options.name);
    if (other === type) say('is listed twice.');
    else if (other !== undefined) say(`has the wire name '${options.name}', which ${other.name} has too.`);
    classByName.set(options.name, type);
  }
  const noted = reentrancyOf(type);
  if (noted !== undefined && reentrancy.admits?.(noted) !== true)
    say(`is declared wrongly: @Reentrant takes ${reentrancy.wanted}; ${describeValue(noted)} was given.`);
}

/** What is taken down for a move and never read would be lost, and what is never taken down cannot be read. */
function checkMigration({ prototype }: Constructor<object>, say: Say): void {
  const has = (hook: HookName): boolean => hook in (prototype as object);
  if (has('onDehydrate') !== has('onRehydrate'))
    say('has one of the hooks onDehydrate and onRehydrate: an actor that takes something along needs both.');
}

function checkHandlers(handlers: readonly HandlerRecord[], say: Say): void {
  if (!handlers.some((handler) => !handler.isStaticMember && handler.isMethod)) {
    say('has no handler: mark at least one method with @Handler().');
  }
  for (const { method, options, isStaticMember, isMethod, emittedTypes } of handlers) {
    if (isStaticMember)
      say(`has @Handler on the static member '${method}': handlers belong to an actor, so they are instance methods.`);
    if (!isMethod) say(`has @Handler on '${method}', which is no method.`);
    if (HOOK_NAMES.has(method)) say(`has @Handler on the hook '${method}', which only the runtime calls.`);
    if (!isWellFormed(method)) say(`has a handler '${method}': give it a name ${OF_WHOLE_LETTERS}, to be called by.`);
    if (method.startsWith('$')) say(`has a handler '${method}': names that begin with $ are controls of references.`);
    const why = NAMES_OF_THE_LANGUAGE.get(method);
    if (why !== undefined) say(`has a handler '${method}': a reference with it ${why}.`);
    const bytes = Buffer.byteLength(method);
    if (bytes > MAX_METHOD_BYTES)
      say(
        `has a handler whose name of ${bytes} bytes begins with '${method.slice(0, 40)}': requests have room for ${MAX_METHOD_BYTES}.`,
      );
    checkDecorator(HANDLER_OPTIONS, options, `@Handler of ${method}`, say);
    const accepted = Array.isArray(options?.accepts) ? options.accepts.length : options?.accepts === undefined ? 0 : 1;
    if (emittedTypes !== undefined && accepted > emittedTypes.length) {
      say(
        `has a handler '${method}' that accepts ${accepted} payload classes but has ${emittedTypes.length} parameters.`,
      );
    }
  }
}

function checkDependencies(type: Constructor<object>, say: Say): void {
  constructorDependencies(type).forEach((dependency, index) => {
    if (dependency !== undefined) return;
    const parameter = `has a constructor whose parameter ${index + 1}`;
    if (isInjectedByTsyringe(type, index))
      say(`${parameter} has the @inject of tsyringe: take the one of moonpool, import { inject } from 'moonpool'.`);
    else say(`${parameter} names no token: mark it with @inject(Token) of moonpool.`);
  });
}

/** Its objects are made by their owner and live as long as that wants. */
function checkObserver(type: Constructor<object>, say: Say): void {
  if (isDurable(type)) say('is a class of observers and has @Persist: only actors have durable state.');
  if (timerRecordsOf(type).length > 0) say('is a class of observers and has @Timer: only actors have timers.');
}

function checkWorker(worker: StatelessWorkerOptions | undefined, type: Constructor<object>, say: Say): void {
  if (worker === undefined) return;
  if (isDurable(type))
    say('is a stateless worker and has @Persist: several activations of one key cannot own one state.');
}

function checkStatic(options: ActorOptions | undefined, worker: StatelessWorkerOptions | undefined, say: Say): void {
  if (options?.static === true && worker !== undefined)
    say(
      'is static and a stateless worker: of the one each node has one without a key, of the other several for each key. Choose one.',
    );
  if (options?.static === true && options.placement !== undefined)
    say('is static and names a placement: each node has an actor of its own, so there is nothing to choose.');
}

function checkPlace(observes: boolean, isListedAsObserver: boolean, say: Say): void {
  if (observes && !isListedAsObserver)
    say('is a class of observers: list it under `observers` and not under `actors`.');
  if (!observes && isListedAsObserver)
    say('is listed under `observers`, and is marked with @Actor and not with @Observer.');
}

function checkInterleaving(methods: readonly string[], handlers: readonly HandlerRecord[], say: Say): void {
  for (const method of methods) {
    if (!handlers.some((handler) => handler.method === method))
      say(`has @AlwaysInterleave on '${method}', which is no handler: add @Handler().`);
  }
}

function checkTimers(timers: readonly TimerRecord[], say: Say): void {
  for (const { method, options, isStaticMember, isMethod } of timers) {
    if (isStaticMember)
      say(`has @Timer on the static member '${method}': timers belong to an actor, so they call instance methods.`);
    if (!isMethod) say(`has @Timer on '${method}', which is no method.`);
    if (HOOK_NAMES.has(method)) say(`has @Timer on the hook '${method}', which only the runtime calls.`);
    if ((options as TimerOptions | undefined)?.everyMs === undefined)
      say(`has @Timer on '${method}' without a period: write @Timer({ everyMs: 1_000 }).`);
    else checkDecorator(TIMER_OPTIONS, options, `@Timer of ${method}`, say);
  }
}

function checkReminders(type: Constructor<object>, options: ActorOptions | undefined, say: Say): void {
  const reminders = reminderRecordsOf(type);
  const names = new Map<string, string>();
  for (const { method, name, isStaticMember, isMethod } of reminders) {
    if (isStaticMember)
      say(
        `has @Reminder on the static member '${method}': reminders belong to an actor, so they call instance methods.`,
      );
    if (!isMethod) say(`has @Reminder on '${method}', which is no method.`);
    if (HOOK_NAMES.has(method)) say(`has @Reminder on the hook '${method}', which only the runtime calls.`);
    const kind = label(MAX_REMINDER_NAME_BYTES);
    if (kind.admits?.(name) !== true)
      say(`has @Reminder on '${method}' with a name that is not ${kind.wanted}: ${describeValue(name)}.`);
    const other = names.get(name);
    // A subclass may declare again what it overrides.
    if (other !== undefined && other !== method)
      say(`has two methods for the reminder '${name}': ${other} and ${method}.`);
    names.set(name, method);
  }
  if (reminders.length === 0) return;
  if (options?.observes === true) say('is a class of observers and has @Reminder: only actors have reminders.');
  else if (options?.static === true)
    say('is static and has @Reminder: a reminder is for an actor that the cluster has once, wherever it is.');
  else if (!keepsDecisions(type))
    say(
      isDurable(type)
        ? 'has @Reminder and all its states in named storages: a reminder is set and cancelled together with a state in the default storage, in one commit; declare a field with @Persist that names no storage.'
        : 'has @Reminder and nothing durable: a reminder is set and cancelled together with the state of its actor, in one commit; declare a field with @Persist.',
    );
}
