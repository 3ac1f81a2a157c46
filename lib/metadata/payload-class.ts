import { reasonOf } from '../errors/reason-of';
import type { Constructor } from '../injection/token';
import { hidingOf } from './hidden-content';
import { hasMembers, remedyOfLoss, tellLost, wordsOfLoss, type LostInstance } from './lost-instance';
import { answersLate, classesOf, payloadClassIn, transformerRecordOf, type TypedField } from './transformer-record';
import { asynchronousFieldOf, ruledFieldsOf } from './validator-record';

/** What the class is for: what comes from outside, what is kept and keeps the rules of its class, or what is kept as it is. */
export type ClassUse = 'payload' | 'ruled-state' | 'state';

/**
 * Why values of the class could not be made, checked or brought back, as sentences that begin with its name; so it is refused when a node
 * starts, and not found out by the first value. Looks at the classes that are nested in it as well.
 */
export function mistakesOfClass(type: Constructor<object>, use: ClassUse): readonly string[] {
  return [...mistakesIn(type, use, new Set())];
}

function* mistakesIn(type: Constructor<object>, use: ClassUse, seen: Set<object>): Iterable<string> {
  if (seen.has(type)) return;
  seen.add(type);
  const hiding = hidingOf(type.prototype as object);
  if (hiding !== undefined) {
    const why = hiding.isPrivate
      ? 'has private fields (#name), which nobody outside can see: declare them `private name`'
      : 'is no class of your own: give a class that has what is to travel in its fields';
    yield `${type.name} ${why}.`;
    return;
  }
  let fresh: object | undefined;
  try {
    fresh = new (type as new () => object)();
  } catch (error) {
    yield `${type.name} cannot be made without arguments (${reasonOf(error)}): its objects are made first and then given their fields, so give the parameters of its constructor defaults.`;
  }
  if (fresh !== undefined)
    for (const lost of lossesIn(type, fresh, use)) yield `${type.name} ${wordsOfLoss(lost)}. ${remedyOfLoss(lost)}`;
  for (const field of transformerRecordOf(type).typed.values())
    if (answersLate(field))
      yield `${type.name} has @Type on ${field.property} with an asynchronous function: values are made at once and nothing waits for it, so name the class at once.`;
  if (use !== 'state') yield* mistakesOfRules(type);
  for (const field of nestedFieldsOf(type).values())
    for (const inner of classesOf(field)) yield* mistakesIn(inner, use, seen);
}

function* mistakesOfRules(type: Constructor<object>): Iterable<string> {
  const asynchronous = asynchronousFieldOf(type);
  if (asynchronous !== undefined) {
    yield `${type.name} has an asynchronous rule on ${asynchronous}: values are checked before and after turns and nothing waits for the rule, so ask in the handler instead.`;
  }
  const nested = nestedFieldsOf(type);
  for (const [property, { isNested }] of ruledFieldsOf(type)) {
    if (isNested && !nested.has(property))
      yield `${type.name} has @ValidateNested() on ${property}, and its class cannot be seen: add @Type(() => Class).`;
  }
}

/** What a new object of the class has in its own fields, and would not have any more when it came back. */
function lossesIn(type: Constructor<object>, fresh: object, use: ClassUse): readonly LostInstance[] {
  const losses: LostInstance[] = [];
  const fieldsOf = use === 'payload' ? nestedFieldsOf : undefined;
  try {
    // What is nested in it is looked at by itself.
    tellLost(type, fresh, (lost) => lost.place.startsWith(`${type.name}.`) && losses.push(lost), fieldsOf);
  } catch {
    // A getter that throws is told of by whoever carries the value.
  }
  return losses;
}

/** Derived from the decorators of classes, which never change; an entry goes when its class goes. */
const known = new WeakMap<object, ReadonlyMap<string, TypedField>>();

/**
 * The fields of the class that hold instances: those with `@Type`, and those with a rule whose declared type is a class that has rules itself, or methods
 * or accessors, which a plain object would lack.
 */
export function nestedFieldsOf(type: Constructor<object>): ReadonlyMap<string, TypedField> {
  let fields = known.get(type);
  if (fields === undefined) {
    fields = readNested(type);
    known.set(type, fields);
  }
  return fields;
}

function readNested(type: Constructor<object>): ReadonlyMap<string, TypedField> {
  const fields = new Map(
    [...transformerRecordOf(type).typed].filter(
      ([, field]) => field.subTypes.length > 0 || classesOf(field).length > 0,
    ),
  );
  for (const [property, { isNested, declared }] of ruledFieldsOf(type)) {
    const inner = fields.has(property) ? undefined : payloadClassIn(declared);
    if (inner === undefined || hidingOf(inner.prototype as object) !== undefined) continue;
    if (isNested || ruledFieldsOf(inner).size > 0 || hasMembers(inner))
      fields.set(property, {
        property,
        typeOf: () => inner,
        subTypes: [],
        discriminator: undefined,
        keepsDiscriminator: false,
        declared,
      });
  }
  return fields;
}
