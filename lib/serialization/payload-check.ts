import { classesOf, transformerStorage } from '../metadata/transformer-record';
import { validationStorage, ruledFieldsOf } from '../metadata/validator-record';
import type { ValidationError } from 'class-validator';
import { isMoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Constructor } from '../injection/token';
import { nestedFieldsOf } from '../metadata/payload-class';
import { build, type BuildPurpose } from './instance-builder';
import { compileQuickCheck, type QuickCheck } from './quick-check';
import { validator, violatedRules } from './rule-executor';

/** The value is not what it should be: why, as words that follow "is refused: ". */
export class PayloadRefusal extends Error {}

/**
 * An instance of the class with the fields of the object, which keeps all rules of the class and of what is nested in it.
 * @throws PayloadRefusal listing each violated rule.
 */
export function payloadOf(type: Constructor<object>, plain: object, purpose: BuildPurpose): object {
  let instance: object;
  const violations: string[] = [];
  try {
    instance = build(type, plain, purpose, violations);
    if (!keepsRules(instance)) violations.push(...violationsOf(instance, ''));
  } catch (error) {
    // Constructors, setters, transformations and rules are the user's, and are given what came from outside.
    const isTheirs = !isMoonpoolError(error) || isMoonpoolError(error, 'ASYNC_CALLBACK');
    if (!isTheirs || error instanceof PayloadRefusal) throw error;
    throw new PayloadRefusal(reasonOf(error));
  }
  if (violations.length > 0) throw new PayloadRefusal(violations.join('; '));
  return instance;
}

/**
 * What rules of its class, and of what is nested in it, the value breaks; none when it keeps them.
 * @param rebuilt makes instances of what is plain in it; asked only when the rules are not seen to be kept at once.
 */
export function brokenRules(type: Constructor<object>, value: object, rebuilt: () => object): readonly string[] {
  if (!isRuled(type)) return [];
  try {
    if (value.constructor === type && keepsRules(value)) return [];
    return [...violationsOf(rebuilt(), '')];
  } catch (error) {
    // Rules are the user's.
    return [reasonOf(error)];
  }
}

/** True when that is seen at once, as of most payloads: the class has plain rules alone, and nothing is nested that they do not reach. */
function keepsRules(instance: object): boolean {
  const { hasRules, quickCheck, unmarked } = rulesOf(instance.constructor as Constructor<object>);
  return unmarked.length === 0 && (!hasRules || quickCheck?.(instance) === true);
}

function* violationsOf(instance: object, path: string): Iterable<string> {
  const { hasRules, quickCheck, unmarked } = rulesOf(instance.constructor as Constructor<object>);
  if (hasRules && quickCheck?.(instance) !== true) yield* wordsOf(violatedRules(instance), path);
  // What has @ValidateNested was looked at by the validator itself.
  for (const property of unmarked) {
    for (const [inner, step] of instancesIn((instance as Readonly<Record<string, unknown>>)[property]))
      yield* violationsOf(inner, `${path}${property}${step}.`);
  }
}

/** The nested instances of a field, and how one gets to each. */
function* instancesIn(value: unknown): Iterable<readonly [instance: object, step: string]> {
  if (typeof value !== 'object' || value === null) return;
  const isMany = Array.isArray(value) || value instanceof Map || value instanceof Set;
  if (!isMany) {
    yield [value, ''];
    return;
  }
  let index = 0;
  for (const item of value.values()) {
    for (const [instance, step] of instancesIn(item)) yield [instance, `[${index}]${step}`];
    index++;
  }
}

/** What is worked out once about the rules of a class. */
interface PayloadRules {
  readonly hasRules: boolean;
  readonly quickCheck: QuickCheck | undefined;
  /** Fields with instances that the validator does not look into, since nobody told it. */
  readonly unmarked: readonly string[];
}

/** Derived from the decorators of classes, which never change; an entry goes when its class goes. */
const knownRules = new WeakMap<Constructor<object>, PayloadRules>();

function rulesOf(type: Constructor<object>): PayloadRules {
  let rules = knownRules.get(type);
  if (rules === undefined) {
    const fields = ruledFieldsOf(type);
    rules = {
      hasRules: fields.size > 0,
      quickCheck: fields.size > 0 ? compileQuickCheck(type, validationStorage()) : undefined,
      unmarked: [...nestedFieldsOf(type).keys()].filter((property) => fields.get(property)?.isNested !== true),
    };
    knownRules.set(type, rules);
  }
  return rules;
}

/** Derived from the decorators of classes, which never change; an entry goes when its class goes. */
const knownRuled = new WeakMap<Constructor<object>, boolean>();

/** True when the class, or one that is nested in it, has rules. */
function isRuled(type: Constructor<object>): boolean {
  let ruled = knownRuled.get(type);
  if (ruled === undefined) {
    ruled = [...classesWithin(type)].some((inner) => rulesOf(inner).hasRules);
    knownRuled.set(type, ruled);
  }
  return ruled;
}

/** The class and all that are nested in it, however deep; each once, for they may be nested in each other. */
function classesWithin(type: Constructor<object>): ReadonlySet<Constructor<object>> {
  const found = new Set([type]);
  // A set is walked to its end, with what is added on the way.
  for (const outer of found)
    for (const field of nestedFieldsOf(outer).values()) for (const inner of classesOf(field)) found.add(inner);
  return found;
}

function wordsOf(errors: readonly ValidationError[], path: string): readonly string[] {
  return errors.flatMap(({ property, constraints, children }) => {
    const own = Object.values(constraints ?? {}).map((rule) => `${path}${rule}`);
    return [...own, ...wordsOf(children ?? [], `${path}${property}.`)];
  });
}

/**
 * Loads all that is otherwise loaded with the first payload class. Loading code reads files, above all where a loader
 * compiles it, and a simulated run may read none.
 */
export function loadPayloadLibraries(): void {
  validationStorage();
  transformerStorage();
  validator();
}
