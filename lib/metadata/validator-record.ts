import type { getMetadataStorage as GetMetadataStorage, MetadataStorage } from 'class-validator';
import type { Constructor } from '../injection/token';

/** One rule of class-validator, as it keeps it. */
export type ValidationMetadata = ReturnType<MetadataStorage['getTargetValidationMetadatas']>[number];

/** What the decorators of class-validator say of one field. */
export interface RuledField {
  readonly rules: readonly ValidationMetadata[];
  /** It has `@ValidateNested`. */
  readonly isNested: boolean;
  /** Its rules say that it is a list: `each`, `@IsArray`, `@ArrayMinSize` and their kin. */
  readonly isList: boolean;
  /** The type of the field as the compiler emitted it, if it did. */
  readonly declared: unknown;
}

/** Derived from the decorators of classes, which never change; an entry goes when its class goes. */
const known = new WeakMap<object, ReadonlyMap<string, RuledField>>();

/** The fields of the class, and of those that it extends, that have rules. A field with `@Allow()` is one of them. */
export function ruledFieldsOf(type: Constructor<object>): ReadonlyMap<string, RuledField> {
  let fields = known.get(type);
  if (fields === undefined) {
    fields = readFields(type);
    known.set(type, fields);
  }
  return fields;
}

function readFields(type: Constructor<object>): ReadonlyMap<string, RuledField> {
  const rules = new Map<string, ValidationMetadata[]>();
  for (const rule of validationStorage().getTargetValidationMetadatas(type, '', false, false)) {
    const own = rules.get(rule.propertyName);
    if (own === undefined) rules.set(rule.propertyName, [rule]);
    else own.push(rule);
  }
  return new Map([...rules].map(([property, own]) => [property, ruledField(type, property, own)]));
}

function ruledField(type: Constructor<object>, property: string, rules: readonly ValidationMetadata[]): RuledField {
  return {
    rules,
    isNested: rules.some((rule) => rule.type === 'nestedValidation'),
    isList: rules.some(({ each, name = '' }) => each || name === 'isArray' || name.startsWith('array')),
    declared: Reflect.getMetadata('design:type', type.prototype as object, property),
  };
}

/** The first rule of the class that answers by a promise, for which nothing here waits, as the name of its field; undefined when none does. */
export function asynchronousFieldOf(type: Constructor<object>): string | undefined {
  for (const [property, { rules }] of ruledFieldsOf(type)) if (rules.some(isAsynchronous)) return property;
  return undefined;
}

function isAsynchronous({ type, constraintCls }: ValidationMetadata): boolean {
  if (type === 'promiseValidation') return true;
  if (constraintCls === undefined) return false;
  return validationStorage()
    .getTargetValidatorConstraints(constraintCls)
    .some(
      ({ async, target }) =>
        async ||
        Object.prototype.toString.call((target.prototype as { validate?: unknown }).validate) ===
          '[object AsyncFunction]',
    );
}

let storage: MetadataStorage | undefined;

/** What class-validator knows. Loaded with the first payload class, for it takes a tenth of a second. */
export function validationStorage(): MetadataStorage {
  storage ??= (require('class-validator') as { getMetadataStorage: typeof GetMetadataStorage }).getMetadataStorage();
  return storage;
}
