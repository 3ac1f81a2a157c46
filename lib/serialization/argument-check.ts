import { CarriedReference } from '../actor/carried-reference';
import { describeValue } from '../errors/describe-value';
import { MoonpoolError, type Executed } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import type { Constructor } from '../injection/token';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import { actorOptionsOf } from '../metadata/metadata-store';
import type { ParameterKind } from '../metadata/parameter-kind';
import { kindOf } from './carried-object';
import type { BuildPurpose } from './instance-builder';
import { PayloadRefusal, payloadOf } from './payload-check';

/** Whose arguments they are, for the message of a refusal. */
export interface ArgumentOwner {
  /** The handler and its actor, such as "deposit of bank/Account/alice". */
  describe(): string;
}

/** What is known of the parameters of a method. */
export type CheckedParameters = Pick<HandlerDescriptor, 'parameters' | 'checksArguments' | 'restIndex'>;

/**
 * The arguments of a call as its handler wants them, each by the kind of its parameter: payload classes rebuilt and checked, everything
 * else that the compiler or `accepts` names checked. Undefined passes, for optional parameters look like others, unless `required` says
 * otherwise. More arguments than parameters are refused, for nothing would check them.
 * @throws MoonpoolError INVALID_PAYLOAD saying what is wrong, and listing each violated rule.
 */
export function acceptArguments(
  handler: CheckedParameters,
  args: readonly unknown[],
  owner: ArgumentOwner,
): readonly unknown[] {
  const { parameters, checksArguments, restIndex } = handler;
  if (!checksArguments) return args;
  let accepted: unknown[] | undefined;
  for (let index = 0; index < Math.max(args.length, parameters.length); index++) {
    const kind = parameters[restIndex === undefined ? index : Math.min(index, restIndex)];
    const value = args[index];
    // A rest parameter that gets nothing has no item that could be wrong.
    if (kind?.kind === 'anything' || (index >= args.length && restIndex !== undefined && index >= restIndex)) continue;
    let made: unknown;
    try {
      made = kind === undefined ? nothing(value, parameters.length) : accept(kind, value, 'argument');
    } catch (error) {
      throw refused(`argument ${index + 1} of ${owner.describe()}`, error, 'no');
    }
    if (made === value) continue;
    // Most have one, of which a list is made more quickly than a copy.
    if (args.length === 1) return [made];
    accepted ??= args.slice();
    accepted[index] = made;
  }
  return accepted ?? args;
}

/**
 * An answer as its handler's `returns` says, for the caller: nothing is transformed, for it goes the way back. Null and undefined
 * pass, and a list where a class is named is a list of its instances. @throws MoonpoolError INVALID_PAYLOAD
 */
export function acceptAnswer(kind: ParameterKind, value: unknown, where: () => string): unknown {
  if (value === null || value === undefined) return value;
  try {
    return Array.isArray(value) && kind.kind !== 'list'
      ? value.map((item) => acceptItem(kind, item, 'answer'))
      : accept(kind, value, 'answer');
  } catch (error) {
    throw refused(where(), error, 'yes');
  }
}

/** The value as an instance of the class, checked by its rules. @throws MoonpoolError INVALID_PAYLOAD */
export function acceptPayload(type: Constructor<object>, value: unknown, where: () => string): object {
  try {
    return accept({ kind: 'payload', type }, value ?? null, 'argument') as object;
  } catch (error) {
    throw refused(where(), error, 'no');
  }
}

function accept(kind: ParameterKind, value: unknown, purpose: BuildPurpose): unknown {
  if (kind.kind === 'required') {
    if (value === undefined) throw new PayloadRefusal('it cannot be left out');
    return accept(kind.inner, value, purpose);
  }
  if (value === undefined) return value;
  switch (kind.kind) {
    case 'anything':
      return value;
    case 'unseen':
      return unseen(kind.of, kind.refusesRecords, value);
    case 'primitive':
      return typeof value === kind.type ? value : wrong(`a ${kind.type}`, value);
    case 'payload':
      return isRecord(value) ? payloadOf(kind.type, value, purpose) : wrong(`a ${kind.type.name}`, value);
    case 'carried':
      return value instanceof kind.type ? value : wrong(`a ${kind.type.name}`, value);
    case 'reference':
      return isReferenceTo(kind.type, value) ? value : wrong(`a reference to a ${nameOfActor(kind.type)}`, value);
    case 'one of':
      return kind.values.includes(value) ? value : wrong(`one of ${kind.values.map(describeValue).join(', ')}`, value);
    case 'nullable':
      return value === null ? value : accept(kind.inner, value, purpose);
    case 'list':
      return Array.isArray(value)
        ? value.map((item, index) => at(`[${index}]`, () => acceptItem(kind.item, item, purpose)))
        : wrong('a list', value);
    case 'set':
      return value instanceof Set
        ? new Set(
            [...value].map((item, index) => at(`.values()[${index}]`, () => acceptItem(kind.item, item, purpose))),
          )
        : wrong('a Set', value);
    case 'map':
      return value instanceof Map
        ? new Map(
            [...value].map(([key, item], index) =>
              at(`.entries()[${index}]`, () => [
                acceptItem(kind.key, key, purpose),
                acceptItem(kind.item, item, purpose),
              ]),
            ),
          )
        : wrong('a Map', value);
  }
}

/** What stands in a list is there, so it is never left out. */
function acceptItem(kind: ParameterKind, value: unknown, purpose: BuildPurpose): unknown {
  if (value === undefined && kind.kind !== 'anything' && kind.kind !== 'unseen')
    throw new PayloadRefusal('it is undefined');
  return accept(kind, value, purpose);
}

function at<T>(step: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PayloadRefusal) throw new PayloadRefusal(`at ${step}, ${error.message}`);
    throw error;
  }
}

/** An argument for which there is no parameter. */
function nothing(value: unknown, count: number): unknown {
  if (value !== undefined)
    throw new PayloadRefusal(
      `there ${count === 1 ? 'is one parameter' : `are ${count} parameters`}, so nothing would check it`,
    );
  return value;
}

const SHAPES = { value: 'a value', list: 'a list', map: 'a Map', set: 'a Set' } as const;

/** The compiler tells no class of what is in it. Plain values need none; an object would be let in without any check. */
function unseen(of: keyof typeof SHAPES, refusesRecords: boolean, value: unknown): unknown {
  const isRight =
    of === 'value' ||
    (of === 'list' ? Array.isArray(value) : of === 'map' ? value instanceof Map : value instanceof Set);
  if (!isRight) return wrong(SHAPES[of], value);
  if (refusesRecords && holdsRecord(value)) {
    const what = of === 'value' ? 'it is an object' : 'it holds objects';
    throw new PayloadRefusal(
      `${what} whose class cannot be seen: name it, @Handler({ accepts: ${of === 'value' ? '[Class]' : '[[Class]]'} }), or say that nothing is to be checked, accepts: unchecked`,
    );
  }
  return value;
}

function holdsRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsRecord);
  if (value instanceof Map) return [...value].some(([key, item]) => holdsRecord(key) || holdsRecord(item));
  if (value instanceof Set) return [...value].some(holdsRecord);
  return isRecord(value);
}

/** What fields can be taken from. */
function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && kindOf(value) === 'record';
}

function isReferenceTo(type: Constructor<object>, value: unknown): boolean {
  return value instanceof CarriedReference && value.$carried.id.type === nameOfActor(type);
}

function nameOfActor(type: Constructor<object>): string {
  return actorOptionsOf(type)?.name ?? type.name;
}

function wrong(expected: string, found: unknown): never {
  throw new PayloadRefusal(`it must be ${expected}, and ${describe(found)} was found`);
}

/** The kind of the value and not the value, which may be secret. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof CarriedReference) return `a reference to ${value.$carried.id.path}`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object' || kindOf(value) === 'record') return `a value of type ${typeof value}`;
  return `a ${value.constructor.name}`;
}

/** How much is said of what is wrong: the names of keys come from outside, and there may be many of them, however long. */
const MAX_REASON_LETTERS = 2_000;

function refused(where: string, error: unknown, executed: Executed): unknown {
  if (!(error instanceof PayloadRefusal)) return error;
  return new MoonpoolError('INVALID_PAYLOAD', {
    message: `The ${where} is refused: ${outsideText(error.message, MAX_REASON_LETTERS)}`,
    executed,
  });
}
