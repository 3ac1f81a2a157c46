import type { Constructor } from '../injection/token';
import { classesOf, transformerRecordOf, type TypedField } from '../metadata/transformer-record';
import { kindOf } from './carried-object';
import { classForm } from './class-form';

/**
 * The value as it is stored for a class. What its constructor gives to each instance and this one has no more, for it was deleted, is
 * stored as undefined: a field of which nothing is stored is one that the class got later, and the constructor says what is in it.
 * @throws UncarriedError as {@link classForm} does.
 */
export function storedForm(type: Constructor<object>, value: object): unknown {
  return classForm(type, withDeleted(type, value) as object);
}

/** The value itself where nothing is missing in it, which is nearly always. */
function withDeleted(type: Constructor<object>, value: object): object {
  const { given, nested } = planOf(type);
  let changed: Record<string, unknown> | undefined;
  // What is no instance of the class was never given them: its constructor says later what is in them.
  if (value instanceof type) for (const key of given) if (!(key in value)) (changed ??= {})[key] = undefined;
  for (const field of nested) {
    const part = (value as Readonly<Record<string, unknown>>)[field.key];
    if (typeof part !== 'object' || part === null) continue;
    const stored = partWithDeleted(field, part, value);
    if (stored !== part) (changed ??= {})[field.key] = stored;
  }
  if (changed === undefined) return value;
  // Its class is still told by what it is.
  return Object.assign(Object.create(Object.getPrototypeOf(value) as object | null) as object, value, changed);
}

function partWithDeleted(nested: NestedField, part: object, holder: object): unknown {
  const { constructor: made } = part;
  for (const type of nested.classes) if (type === made) return withDeleted(type, part);
  switch (kindOf(part)) {
    case 'record': {
      const type = nested.field.typeOf(holder, holder);
      return type === undefined ? part : withDeleted(type, part);
    }
    case 'array':
      return mapped(nested, part as readonly unknown[], holder) ?? part;
    case 'set': {
      const items = mapped(nested, [...(part as ReadonlySet<unknown>)], holder);
      return items === undefined ? part : new Set(items);
    }
    case 'map': {
      const map = part as ReadonlyMap<unknown, unknown>;
      const items = mapped(nested, [...map.values()], holder);
      return items === undefined ? part : new Map([...map.keys()].map((key, index) => [key, items[index]]));
    }
    default:
      return part;
  }
}

/** Undefined where nothing is missing in any item. */
function mapped(nested: NestedField, items: readonly unknown[], holder: object): unknown[] | undefined {
  let made: unknown[] | undefined;
  // By their numbers: there may be very many.
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (typeof item !== 'object' || item === null) continue;
    const stored = partWithDeleted(nested, item, holder);
    if (stored !== item) (made ??= [...items])[index] = stored;
  }
  return made;
}

/** What is looked at in each instance of a class. */
interface StoragePlan {
  /** The fields that the constructor gives a value. */
  readonly given: readonly string[];
  readonly nested: readonly NestedField[];
}

interface NestedField {
  readonly key: string;
  readonly field: TypedField;
  readonly classes: readonly Constructor<object>[];
}

/** Derived from classes, which never change; an entry goes when its class goes. */
const plans = new WeakMap<Constructor<object>, StoragePlan>();

function planOf(type: Constructor<object>): StoragePlan {
  let plan = plans.get(type);
  if (plan === undefined) {
    const nested = [...transformerRecordOf(type).typed].map(([key, field]) => ({
      key,
      field,
      classes: classesOf(field),
    }));
    plan = { given: givenFieldsOf(type), nested };
    plans.set(type, plan);
  }
  return plan;
}

function givenFieldsOf(type: Constructor<object>): readonly string[] {
  const made = new (type as new () => object)();
  return Object.entries(Object.getOwnPropertyDescriptors(made))
    .filter(([, { value, enumerable }]) => value !== undefined && enumerable === true)
    .map(([key]) => key);
}
