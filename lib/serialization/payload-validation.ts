import type { getMetadataStorage as GetMetadataStorage, validateSync as ValidateSync, ValidationError } from 'class-validator';
import { CarriedReference } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import type { Constructor } from '../injection/token';
import type { HandlerDescriptor, ParameterKind } from '../metadata/actor-descriptor';
import { rebuild } from './class-rebuilder';
import { compileQuickCheck, type QuickCheck } from './quick-check';

/**
 * The arguments of a call as its handler wants them: payload classes rebuilt and checked, primitive types checked.
 * Undefined passes everywhere, since optional parameters look like others; a payload class alone refuses it.
 * @param whom says the actor and the handler, for the message.
 * @throws MoonpoolError INVALID_PAYLOAD listing each violated rule.
 */
export function acceptArguments(handler: Pick<HandlerDescriptor, 'parameters' | 'checksArguments'>, args: readonly unknown[], whom: () => string): readonly unknown[] {
  const { parameters, checksArguments } = handler;
  if (!checksArguments) return args;
  const accepted = args.slice();
  parameters.forEach((parameter, index) => {
    if (parameter.kind !== 'anything') accepted[index] = accept(parameter, args[index], () => `argument ${index + 1} of ${whom()}`);
  });
  return accepted;
}

/** The value as an instance of the class, checked by its rules. @throws MoonpoolError INVALID_PAYLOAD */
export function acceptPayload(type: Constructor<object>, value: unknown, where: () => string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof CarriedReference) {
    throw refusal(where, `it must be a ${type.name}, and ${describe(value)} was found`);
  }
  const instance = rebuild(type, value);
  const { hasRules, quickCheck } = rulesOf(type);
  // A class without rules accepts what it is given; the validator would refuse every key of it.
  if (!hasRules || quickCheck?.(instance) === true) return instance;
  const errors = validator().validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length > 0) throw refusal(where, violations(errors).join('; '));
  return instance;
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

function accept(parameter: ParameterKind, value: unknown, where: () => string): unknown {
  if (parameter.kind === 'payload') return acceptPayload(parameter.type, value, where);
  if (parameter.kind === 'primitive' && value !== undefined && typeof value !== parameter.type) {
    throw refusal(where, `it must be a ${parameter.type}, and ${describe(value)} was found`);
  }
  return value;
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

function refusal(where: () => string, why: string): MoonpoolError {
  return new MoonpoolError('INVALID_PAYLOAD', { message: `The ${where()} is refused: ${why}` });
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
