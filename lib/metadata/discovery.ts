import { MoonpoolError } from '../errors/moonpool-error';
import { constructorDependencies } from '../injection/constructor-dependencies';
import type { Constructor, ServiceIdentifier } from '../injection/token';
import type { ActorDescriptor, HandlerDescriptor, ParameterKind, TurnMode } from './actor-descriptor';
import type { HandlerOptions, HandlerRecord, Reentrancy } from './actor-record';
import { actorOptionsOf, handlerRecordsOf, interleavingMethodsOf, persistRecordsOf, reentrancyOf, statelessWorkerOf, timerRecordsOf } from './metadata-store';
import { findMistakes } from './validator';

/**
 * Turns decorated classes, of actors and of observers, into descriptors, by their wire names.
 * @throws MoonpoolError INVALID_ACTOR_CLASSES with every mistake of all classes.
 */
export function describeActors(types: readonly Constructor<object>[], observers: readonly Constructor<object>[] = []): ReadonlyMap<string, ActorDescriptor> {
  const mistakes = findMistakes(types, observers);
  if (mistakes.length > 0) {
    const list = mistakes.map((mistake) => `\n  - ${mistake}`).join('');
    throw new MoonpoolError('INVALID_ACTOR_CLASSES', {
      message: `${mistakes.length === 1 ? 'One mistake was' : `${mistakes.length} mistakes were`} found:${list}\n`,
    });
  }
  return new Map([...types, ...observers].map((type) => [nameOf(type), describe(type)]));
}

/** How many activations of one key of a stateless worker a node may have, unless its class says otherwise. */
const DEFAULT_MAX_PER_NODE = 8;

function describe(type: Constructor<object>): ActorDescriptor {
  const options = actorOptionsOf(type) ?? { name: type.name };
  const reentrant = options.reentrant ?? reentrancyOf(type) ?? false;
  const worker = options.statelessWorker ?? statelessWorkerOf(type);
  const interleaving = new Set(interleavingMethodsOf(type));
  const handlers = new Map(
    handlerRecordsOf(type).map((record) => {
      const mode = modeOf(record.options, reentrant, interleaving.has(record.method));
      return [record.method, describeHandler(record, mode, reentrant !== false || worker !== undefined)];
    }),
  );
  return {
    name: options.name,
    type,
    options,
    handlers,
    states: persistRecordsOf(type),
    timers: timerRecordsOf(type),
    isStatic: options.static === true,
    reentrant,
    overlap: overlapOf(reentrant, [...handlers.values()].map(({ mode }) => mode)),
    maxPerNode: worker === undefined ? undefined : (worker.maxPerNode ?? DEFAULT_MAX_PER_NODE),
    dependencies: constructorDependencies(type) as readonly ServiceIdentifier<unknown>[],
  };
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

function describeHandler(record: HandlerRecord, mode: TurnMode, mayReenter: boolean): HandlerDescriptor {
  const { method, options } = record;
  const parameters = parameterKinds(options.accepts, record.emittedTypes);
  return {
    method,
    options,
    parameters,
    mode,
    mayReenter: mode !== 'alone' || mayReenter,
    checksArguments: parameters.some(({ kind }) => kind !== 'anything'),
    // The name comes from the decorator, never from the wire; the look-up at call time lets a subclass override it.
    invoke: (instance, args) => (instance as Record<string, (...args: readonly unknown[]) => unknown>)[method]?.(...args),
  };
}

/** How the parameters of a method are checked: by the payload classes that its decorator names, or else by the emitted types. */
export function parameterKinds(accepts: HandlerOptions['accepts'], emittedTypes: readonly unknown[] | undefined): readonly ParameterKind[] {
  const declared = accepts === undefined ? [] : typeof accepts === 'function' ? [accepts] : accepts;
  const count = Math.max(declared.length, emittedTypes?.length ?? 0);
  return Array.from({ length: count }, (_, index) => parameterKind(declared[index] ?? emittedTypes?.[index]));
}

const PRIMITIVES: ReadonlyMap<unknown, ParameterKind> = new Map<unknown, ParameterKind>([
  [String, { kind: 'primitive', type: 'string' }],
  [Number, { kind: 'primitive', type: 'number' }],
  [Boolean, { kind: 'primitive', type: 'boolean' }],
  [BigInt, { kind: 'primitive', type: 'bigint' }],
]);

/** Classes that the serializer carries as they are, so that they are no payload classes. */
const CARRIED: ReadonlySet<unknown> = new Set([Object, Array, Function, Promise, Symbol, Date, Map, Set, Error, Uint8Array, Buffer]);

function parameterKind(type: unknown): ParameterKind {
  const primitive = PRIMITIVES.get(type);
  if (primitive !== undefined) return primitive;
  if (typeof type !== 'function' || CARRIED.has(type) || ArrayBuffer.isView(type.prototype)) return { kind: 'anything' };
  return { kind: 'payload', type: type as Constructor<object> };
}
