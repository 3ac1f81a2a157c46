import type { Constructor } from '../injection/token';
import { classesOf, transformerRecordOf, type TypedField } from '../metadata/transformer-record';
import { kindOf } from './carried-object';
import { unserializable } from './value-limits';

/** Where the name of a class stands that was chosen among several, beside the fields of the instance. */
export const CLASS_KEY = '$class';

/**
 * The value as it is sent or stored for a class: itself, mostly, since instances are carried by their fields. Where `@Type` lets several
 * classes stand in one field, the name of the one that does is added, for the fields alone do not tell it.
 * @throws UncarriedError for a field that has the name which the class would be told by.
 */
export function classForm(type: Constructor<object>, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !choosesClasses(type)) return value;
  const record = value as Readonly<Record<string, unknown>>;
  const form: Record<string, unknown> = {};
  const { typed } = transformerRecordOf(type);
  for (const key of Object.keys(record)) {
    const field = typed.get(key);
    form[key] = field === undefined ? record[key] : fieldForm(field, record[key], record);
  }
  return form;
}

/** By class; an entry goes when its class goes. */
const choosing = new WeakMap<object, boolean>();

/** Whether a field of the class, or of what is nested in it, may hold one of several classes. */
export function choosesClasses(type: Constructor<object>): boolean {
  let chooses = choosing.get(type);
  if (chooses === undefined) {
    chooses = findsChoice(type, new Set());
    choosing.set(type, chooses);
  }
  return chooses;
}

function findsChoice(type: Constructor<object>, seen: Set<object>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return [...transformerRecordOf(type).typed.values()].some(
    (field) => field.subTypes.length > 0 || classesOf(field).some((inner) => findsChoice(inner, seen)),
  );
}

function fieldForm(field: TypedField, value: unknown, holder: object): unknown {
  if (typeof value !== 'object' || value === null) return value;
  switch (kindOf(value)) {
    case 'record':
      return instanceForm(field, value, holder);
    case 'array':
      return (value as readonly unknown[]).map((item) => fieldForm(field, item, holder));
    case 'map':
      return new Map(
        [...(value as ReadonlyMap<unknown, unknown>)].map(([key, item]) => [key, fieldForm(field, item, holder)]),
      );
    case 'set':
      return new Set([...(value as ReadonlySet<unknown>)].map((item) => fieldForm(field, item, holder)));
    default:
      return value;
  }
}

function instanceForm(field: TypedField, value: object, holder: object): unknown {
  const chosen = field.subTypes.find((subType) => subType.value === value.constructor);
  const type = chosen?.value ?? field.typeOf(holder, holder);
  const form = type === undefined ? value : classForm(type, value);
  if (chosen === undefined) return form;
  if (Object.hasOwn(value, CLASS_KEY))
    throw unserializable(`an object of ${chosen.value.name} with a field ${CLASS_KEY}, by which its class is told`);
  return { [CLASS_KEY]: chosen.name, ...(form as object) };
}
