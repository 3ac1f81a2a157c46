import type { Addressing } from '../addressing/addressing';
import { OBSERVER } from '../addressing/observer-addressing';
import { STATIC } from '../addressing/static-addressing';
import { VIRTUAL } from '../addressing/virtual-addressing';
import { workerAddressing } from '../addressing/worker-addressing';
import { MoonpoolError } from '../errors/moonpool-error';
import { classVersionOf, type ClassVersion } from './class-version';
import { constructorDependencies } from '../injection/constructor-dependencies';
import type { Constructor, ServiceIdentifier } from '../injection/token';
import type { ActorDescriptor, HandlerDescriptor, TurnMode } from './actor-descriptor';
import type { ActorOptions, HandlerOptions, HandlerRecord, Reentrancy, StatelessWorkerOptions } from './actor-record';
import { callDeclared } from './declared-method';
import { asStrict, describeParameters, holdsRules, type MethodParameters } from './handler-parameters';
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
import { journalRecordsOf } from './journal-record';
import { kindOfAccepted } from './parameter-kind';
import { findMistakes } from './validator';

/**
 * Turns decorated classes, of actors and of observers, into descriptors, by their wire names.
 * @throws MoonpoolError INVALID_ACTOR_CLASSES with every mistake of all classes.
 */
export function describeActors(
  types: readonly Constructor<object>[],
  observers: readonly Constructor<object>[] = [],
): ReadonlyMap<string, ActorDescriptor> {
  const mistakes = findMistakes(types, observers);
  if (mistakes.length > 0) {
    const list = mistakes.map((mistake) => `\n  - ${mistake}`).join('');
    throw new MoonpoolError('INVALID_ACTOR_CLASSES', {
      message: `${mistakes.length === 1 ? 'One mistake was' : `${mistakes.length} mistakes were`} found:${list}\n`,
    });
  }
  return new Map([...types, ...observers].map((type) => [nameOf(type), describe(type)]));
}

function describe(type: Constructor<object>): ActorDescriptor {
  const options = actorOptionsOf(type) ?? { name: type.name };
  const reentrant = options.reentrant ?? reentrancyOf(type) ?? false;
  const worker = options.statelessWorker ?? statelessWorkerOf(type);
  const interleaving = new Set(interleavingMethodsOf(type));
  const records = handlerRecordsOf(type);
  const parameters = parametersOf(records);
  const version = classVersionOf(options);
  const handlers = new Map(
    records.map((record) => {
      const mode = modeOf(record.options, reentrant, interleaving.has(record.method));
      return [
        record.method,
        describeHandler(record, parameters.get(record.method) as MethodParameters, {
          mode,
          mayReenter: reentrant !== false || worker !== undefined,
          classVersion: version,
        }),
      ];
    }),
  );
  return {
    name: options.name,
    type,
    options,
    handlers,
    states: persistRecordsOf(type),
    journals: journalRecordsOf(type),
    timers: timerRecordsOf(type),
    reminders: new Map(reminderRecordsOf(type).map((record) => [record.name, record])),
    version,
    addressing: addressingOf(options, worker),
    reentrant,
    overlap: overlapOf(
      reentrant,
      [...handlers.values()].map(({ mode }) => mode),
    ),
    dependencies: constructorDependencies(type) as readonly ServiceIdentifier<unknown>[],
  };
}

function addressingOf(options: ActorOptions, worker: StatelessWorkerOptions | undefined): Addressing {
  if (options.observes === true) return OBSERVER;
  if (options.static === true) return STATIC;
  return worker === undefined ? VIRTUAL : workerAddressing(worker.maxPerNode);
}

function nameOf(type: Constructor<object>): string {
  return actorOptionsOf(type)?.name ?? type.name;
}

function modeOf({ alwaysInterleave, readOnly }: HandlerOptions, reentrant: Reentrancy, isMarked: boolean): TurnMode {
  if (alwaysInterleave === true || isMarked || reentrant === true) return 'interleaved';
  return readOnly === true ? 'read-only' : 'alone';
}

function overlapOf(reentrant: Reentrancy, modes: readonly TurnMode[]): ActorDescriptor['overlap'] {
  if (reentrant !== false || modes.includes('interleaved')) return 'all';
  return modes.includes('read-only') ? 'read-only' : 'none';
}

/** What a handler has of its class. */
interface OfClass {
  readonly mode: TurnMode;
  readonly mayReenter: boolean;
  readonly classVersion: ClassVersion | undefined;
}

function describeHandler(
  record: HandlerRecord,
  { parameters, restIndex, checksArguments }: MethodParameters,
  { mode, mayReenter, classVersion }: OfClass,
): HandlerDescriptor {
  const { method, options } = record;
  return {
    method,
    options,
    parameters,
    restIndex,
    answer: options.returns === undefined ? undefined : kindOfAccepted(options.returns),
    mode,
    mayReenter: mode !== 'alone' || mayReenter,
    checksArguments,
    classVersion,
    invoke: (instance, args) => callDeclared(instance, method, args),
  };
}

/** The parameters of all handlers of a class, which are strict together: see docs/payloads.md. */
function parametersOf(records: readonly HandlerRecord[]): ReadonlyMap<string, MethodParameters> {
  const described = records.map(
    (record) => [record.method, describeParameters({ ...record, accepts: record.options.accepts })] as const,
  );
  const isStrict = described.some(([, { parameters }]) => parameters.some(holdsRules));
  return new Map(
    isStrict
      ? described.map(([method, of]) => [method, { ...of, parameters: of.parameters.map(asStrict) }])
      : described,
  );
}
