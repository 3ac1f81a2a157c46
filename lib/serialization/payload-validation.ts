import type { getMetadataStorage as GetMetadataStorage, validateSync as ValidateSync, ValidationError } from 'class-validator';
import { CarriedReference } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import type { Constructor } from '../injection/token';
import type { HandlerDescriptor, ParameterKind } from '../metadata/actor-descriptor';
import { rebuild } from './class-rebuilder';
import { compileQuickCheck, type QuickCheck } from './quick-check';

/** Whose arguments they are, for the message of a refusal. */
export interface ArgumentOwner {
  /** The handler and its actor, such as "deposit of bank/Account/alice". */
  describe(): string;
}

/**
 * The arguments of a call as its handler wants them: payload classes rebuilt and checked, primitive types checked.
 * Undefined passes everywhere, since optional parameters look like others; a payload class alone refuses it.
 * @throws MoonpoolError INVALID_PAYLOAD listing each violated rule.
 */
export function acceptArguments(handler: Pick<HandlerDescriptor, 'parameters' | 'checksArguments'>, args: readonly unknown[], owner: ArgumentOwner): readonly unknown[] {
  const { parameters, checksArguments } = handler;
  if (!checksArguments) return args;
  const accepted = args.slice();
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index] as ParameterKind;
    if (parameter.kind === 'payload') {
      const payload = payloadOf(parameter.type, args[index]);
      if (typeof payload === 'string') throw refusal(`argument ${index + 1} of ${owner.describe()}`, payload);
      accepted[index] = payload;
    } else if (parameter.kind === 'primitive' && args[index] !== undefined && typeof args[index] !== parameter.type) {
      throw refusal(`argument ${index + 1} of ${owner.describe()}`, `it must be a ${parameter.type}, and ${describe(args[index])} was found`);
    }
  }
  return accepted;
}

/** The value as an instance of the class, checked by its rules. @throws MoonpoolError INVALID_PAYLOAD */
export function acceptPayload(type: Constructor<object>, value: unknown, where: () => string): object {
  const payload = payloadOf(type, value);
  if (typeof payload === 'string') throw refusal(where(), payload);
  return payload;
}

/** The instance, or what is wrong with the value. */
function payloadOf(type: Constructor<object>, value: unknown): object | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof CarriedReference) {
    return `it must be a ${type.name}, and ${describe(value)} was found`;
  }
  const instance = rebuild(type, value);
  const { hasRules, quickCheck } = rulesOf(type);
  // A class without rules accepts what it is given; the validator would refuse every key of it.
  if (!hasRules || quickCheck?.(instance) === true) return instance;
  const errors = validator().validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  return errors.length > 0 ? violations(errors).join('; ') : instance;
}

/** What is worked out once about the rules of a class. */
interface PayloadRules {
  readonly hasRules: boolean;
  readonly quickCheck: QuickCheck | undefined;
}

/** Derived from the decorators of classes, which never change; an entry goes when its class goes. */
const knownRules = new WeakMap<Constructor<object>, PayloadRules>();

function rulesOf(type: Constructor<object>): PayloadRules {
  let rules = knownRules.get(type);
  if (rules === undefined) {
    const storage = validator().getMetadataStorage();
    const hasRules = storage.getTargetValidationMetadatas(type, '', false, false).length > 0;
    rules = { hasRules, quickCheck: hasRules ? compileQuickCheck(type, storage) : undefined };
    knownRules.set(type, rules);
  }
  return rules;
}

function violations(errors: readonly ValidationError[], path = ''): readonly string[] {
  return errors.flatMap((error) => {
    const place = `${path}${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((rule) => `${path}${rule}`);
    return [...own, ...violations(error.children ?? [], `${place}.`)];
  });
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof CarriedReference) return `a reference to ${value.$carried.id.path}`;
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function refusal(where: string, why: string): MoonpoolError {
  return new MoonpoolError('INVALID_PAYLOAD', { message: `The ${where} is refused: ${why}` });
}

/** What is used of class-validator. */
interface Validator {
  readonly validateSync: typeof ValidateSync;
  readonly getMetadataStorage: typeof GetMetadataStorage;
}

let loadedValidator: Validator | undefined;

/** Loaded with the first payload class, for it takes a tenth of a second. */
function validator(): Validator {
  loadedValidator ??= require('class-validator') as Validator;
  return loadedValidator;
}
