import type { Constructor } from '../injection/token';
import { nestedFieldsOf } from '../metadata/payload-class';
import { transformerRecordOf, type TransformerRecord, type TypedField } from '../metadata/transformer-record';
import { ruledFieldsOf, type RuledField } from '../metadata/validator-record';
import { kindOf } from './carried-object';
import { CLASS_KEY } from './class-form';
import { freezeAs, isComputed, isFrozenInPart, thawed } from './frozen-instance';
import { mistakeOfShape } from './nested-shape';

/**
 * What an instance is made for. `argument`: it comes from outside and goes one way, so `@Transform` and `@Exclude` apply, and the shapes of
 * nested fields and the keys are checked. `answer`: as that, but nothing is transformed on the way back. `state`: it is what was there before,
 * so nothing may be refused of it, added to it or lost.
 */
export type BuildPurpose = 'argument' | 'answer' | 'state';

/**
 * An instance of the class with the fields of the plain object. Fields that are absent keep what the constructor gave them; `@Type` makes
 * instances of what is nested, in lists, maps and sets too; everything else stays what it is. It is made here and not by class-transformer's
 * plainToInstance, which empties maps and typed arrays, and whose names and transformations work in one direction.
 * @param refused takes what is wrong with the object, each in words; it is left out of the instance. Nothing is refused of a state.
 * @throws what a constructor, a setter or a transformation throws.
 */
export function build<T extends object>(
  type: Constructor<T>,
  plain: object,
  purpose: BuildPurpose,
  refused: string[] = [],
  path = '',
): T {
  const made = new (type as new () => T)();
  const plan = planOf(type, purpose);
  // What one instance is like they are all taken to be like.
  plan.isFrozen ??= isFrozenInPart(made);
  const instance = plan.isFrozen ? thawed(made) : made;
  fill({ type, plain, instance, purpose, refused, path }, plan);
  return plan.isFrozen ? freezeAs(made, instance) : instance;
}

/** Sets the fields of the instance. */
function fill(building: Building, { isPlain, ruled, free, isFrozen }: BuildPlan): void {
  const { type, plain, instance, refused, path } = building;
  const keys = Object.keys(plain);
  if (free !== undefined && holdsAll(free, keys)) {
    for (const key of keys) (instance as Record<string, unknown>)[key] = (plain as Record<string, unknown>)[key];
    return;
  }
  for (const key of keys) {
    const value = (plain as Record<string, unknown>)[key];
    const isOwn = Object.hasOwn(instance, key);
    // Names such as hasOwnProperty are known to every object; a rule alone, or the class itself, makes a field of them.
    if (ruled !== undefined && ruled.size > 0 && !isOwn && !ruled.has(key)) {
      refused.push(
        `property ${path}${key} should not exist (${type.name} would have to declare it with a rule, or with @Allow())`,
      );
      continue;
    }
    const made = isPlain ? value : fieldOf(key, value, building);
    const isPart = isOwn ? isFrozen === true && isComputed(instance, key) : key in instance;
    if (isPart) setPart(key, made, building);
    else (instance as Record<string, unknown>)[key] = made;
  }
}

interface Building {
  readonly type: Constructor<object>;
  readonly plain: object;
  readonly instance: object;
  readonly purpose: BuildPurpose;
  readonly refused: string[];
  /** Where the instance stands within the whole, for messages. */
  readonly path: string;
}

/** What is gone by: of a state `@Type` alone, of what is checked also its rules. */
interface BuildPlan {
  readonly record: TransformerRecord;
  readonly nested: ReadonlyMap<string, TypedField>;
  readonly ruled: ReadonlyMap<string, RuledField> | undefined;
  /** Fields are taken as they are. */
  readonly isPlain: boolean;
  /** Where they are, those that may simply be set: they have a rule, and nothing of the name is inherited. */
  readonly free: ReadonlySet<string> | undefined;
  /** Its constructor leaves something that cannot be set; undefined until there was an instance. */
  isFrozen: boolean | undefined;
}

const NO_RULES: ReadonlyMap<string, RuledField> = new Map();

/** Derived from the decorators of classes, which never change; an entry goes when its class goes. */
const plansOfStates = new WeakMap<Constructor<object>, BuildPlan>();
const plansOfPayloads = new WeakMap<Constructor<object>, BuildPlan>();

function planOf(type: Constructor<object>, purpose: BuildPurpose): BuildPlan {
  const plans = purpose === 'state' ? plansOfStates : plansOfPayloads;
  let plan = plans.get(type);
  if (plan === undefined) {
    plan = makePlan(type, purpose);
    plans.set(type, plan);
  }
  return plan;
}

function makePlan(type: Constructor<object>, purpose: BuildPurpose): BuildPlan {
  const record = transformerRecordOf(type);
  const nested = purpose === 'state' ? record.typed : nestedFieldsOf(type);
  const ruled = purpose === 'state' ? undefined : ruledFieldsOf(type);
  const isPlain = record.isPlain && nested.size === 0;
  const free = isPlain ? freeFields(type, ruled) : undefined;
  return { record, nested, ruled, isPlain, free, isFrozen: undefined };
}

function freeFields(type: Constructor<object>, ruled: ReadonlyMap<string, RuledField> = NO_RULES): ReadonlySet<string> {
  return new Set([...ruled.keys()].filter((key) => !(key in (type.prototype as object))));
}

function holdsAll(free: ReadonlySet<string>, keys: readonly string[]): boolean {
  for (const key of keys) if (!free.has(key)) return false;
  return true;
}

function fieldOf(key: string, value: unknown, building: Building): unknown {
  const { type, plain, instance, purpose, refused, path } = building;
  const { record, nested, ruled } = planOf(type, purpose);
  if (purpose === 'argument' && record.excludes(key)) {
    // An instance that was made by its constructor has the field, and may be sent.
    const given: unknown = (instance as Record<string, unknown>)[key];
    if (Object.is(given, value) || value === undefined) return given;
    refused.push(`${path}${key} is excluded by its class, so that it cannot be set from outside`);
    return given;
  }
  const field = nested.get(key);
  const mistake = field === undefined || ruled === undefined ? undefined : mistakeOfShape(field, ruled.get(key), value);
  if (mistake !== undefined) {
    refused.push(`${path}${mistake}`);
    return undefined;
  }
  const made = field === undefined ? value : nestedValue(field, value, building);
  if (purpose !== 'argument') return made;
  return (record.transforms.get(key) ?? []).reduce((at, transform) => transform(at, plain), made);
}

/** The value of a typed field: an instance, or a list, map or set of such. */
function nestedValue(field: TypedField, value: unknown, building: Building): unknown {
  if (typeof value !== 'object' || value === null) return value;
  switch (kindOf(value)) {
    case 'record':
      return nestedInstance(field, value, building);
    case 'array':
      return (value as readonly unknown[]).map((item) => nestedValue(field, item, building));
    case 'map':
      return new Map(
        [...(value as ReadonlyMap<unknown, unknown>)].map(([key, item]) => [key, nestedValue(field, item, building)]),
      );
    case 'set':
      return new Set([...(value as ReadonlySet<unknown>)].map((item) => nestedValue(field, item, building)));
    default:
      return value;
  }
}

function nestedInstance(field: TypedField, value: object, building: Building): unknown {
  const { plain, instance } = building;
  const make = (type: Constructor<object>, from: object) =>
    build(type, from, building.purpose, building.refused, `${building.path}${field.property}.`);
  const { subTypes, discriminator } = field;
  const { [CLASS_KEY]: told, ...own } = value as Readonly<Record<string, unknown>>;
  const chosen = subTypes.find(({ name }) => name === told);
  if (chosen !== undefined) return make(chosen.value, own);
  const named = discriminator === undefined ? undefined : subTypes.find(({ name }) => name === own[discriminator]);
  if (named !== undefined) return make(named.value, namedFields(named.value, own, field));
  const type = field.typeOf(plain, instance);
  return type === undefined ? value : make(type, value);
}

/** Plain data may have the name of its class in a field, as class-transformer writes it. The class itself may have that field too. */
function namedFields(
  type: Constructor<object>,
  fields: Readonly<Record<string, unknown>>,
  { discriminator = '', keepsDiscriminator }: TypedField,
): object {
  if (keepsDiscriminator || Object.hasOwn(build(type, {}, 'state'), discriminator)) return fields;
  const { [discriminator]: _name, ...others } = fields;
  return others;
}

/** A key that the prototype has, or the instance computes: a setter takes it, a method or a getter of the class is no field. */
function setPart(key: string, value: unknown, { instance, purpose, refused, path }: Building): void {
  const found = propertyOf(instance, key);
  if (found?.set !== undefined && key !== '__proto__') {
    Reflect.set(instance, key, value);
    return;
  }
  if (purpose !== 'state') {
    refused.push(`${path}${key} is no field of ${instance.constructor.name}, but a part of its class`);
    return;
  }
  // What the class computes now need not be kept; anything else was a field of the instance.
  if (found?.get === undefined)
    Object.defineProperty(instance, key, { value, enumerable: true, configurable: true, writable: true });
}

function propertyOf(instance: object, key: string): PropertyDescriptor | undefined {
  for (let at: unknown = instance; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, key);
    if (property !== undefined) return property;
  }
  return undefined;
}
