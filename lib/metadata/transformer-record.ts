import type { TransformationType } from 'class-transformer';
import { promptAnswer } from '../concurrency/prompt-answer';
import { isMoonpoolError } from '../errors/moonpool-error';
import type { Constructor } from '../injection/token';
import { isCarriedClass } from './parameter-kind';

/** What `@Type` says of a field: the class of what is in it. */
export interface TypedField {
  readonly property: string;
  /** The class, which may depend on the object that holds the field. Undefined where it names none that could be made. */
  readonly typeOf: (plain: object, instance: object) => Constructor<object> | undefined;
  /** The classes that may stand in its place, by the names that tell them. */
  readonly subTypes: readonly SubType[];
  /** The field of the value that holds such a name; undefined where there are none. */
  readonly discriminator: string | undefined;
  readonly keepsDiscriminator: boolean;
  /** The type of the field as the compiler emitted it, if it did. */
  readonly declared: unknown;
}

export interface SubType {
  readonly name: string;
  readonly value: Constructor<object>;
}

/** What `@Transform` does on the way in. */
export type FieldTransform = (value: unknown, plain: object) => unknown;

/** What the decorators of class-transformer say of a class, in so far as anybody here goes by it. */
export interface TransformerRecord {
  readonly typed: ReadonlyMap<string, TypedField>;
  readonly transforms: ReadonlyMap<string, readonly FieldTransform[]>;
  /** Whether a field is not to be set from outside. */
  readonly excludes: (property: string) => boolean;
  /** True when none of its decorators says anything. */
  readonly isPlain: boolean;
}

/** The part of class-transformer's record of its decorators that is read here. */
interface Storage {
  getStrategy(type: unknown): string;
  getExposedProperties(type: unknown, transformation: TransformationType): readonly string[];
  getExcludedProperties(type: unknown, transformation: TransformationType): readonly string[];
  findTypeMetadata(type: unknown, property: string): TypeMetadata | undefined;
  findTransformMetadatas(
    type: unknown,
    property: string,
    transformation: TransformationType,
  ): readonly TransformMetadata[];
  readonly _typeMetadatas: ReadonlyMap<unknown, ReadonlyMap<string, TypeMetadata>>;
  readonly _transformMetadatas: ReadonlyMap<unknown, ReadonlyMap<string, readonly TransformMetadata[]>>;
}

interface TypeMetadata {
  readonly reflectedType: unknown;
  readonly typeFunction: (help: {
    readonly newObject: object;
    readonly object: object;
    readonly property: string;
  }) => unknown;
  readonly options: {
    readonly discriminator?: { readonly property: string; readonly subTypes: readonly SubType[] };
    readonly keepDiscriminatorProperty?: boolean;
  };
}

interface TransformMetadata {
  readonly transformFn: (call: object) => unknown;
  readonly options?: { readonly groups?: readonly string[] };
}

const PLAIN_TO_CLASS = 0 as TransformationType.PLAIN_TO_CLASS;

/** Derived from the decorators of classes, which never change; an entry goes when its class goes. */
const known = new WeakMap<object, TransformerRecord>();

/** What class-transformer's decorators say of the class and of those that it extends. */
export function transformerRecordOf(type: Constructor<object>): TransformerRecord {
  let record = known.get(type);
  if (record === undefined) {
    record = readRecord(type);
    known.set(type, record);
  }
  return record;
}

function readRecord(type: Constructor<object>): TransformerRecord {
  const storage = transformerStorage();
  const typed = new Map(
    propertiesIn(storage._typeMetadatas, type).map((property) => [
      property,
      typedField(property, storage.findTypeMetadata(type, property) as TypeMetadata),
    ]),
  );
  const transforms = new Map(
    propertiesIn(storage._transformMetadatas, type)
      .map(
        (property) =>
          [property, transformsOf(property, storage.findTransformMetadatas(type, property, PLAIN_TO_CLASS))] as const,
      )
      .filter(([, steps]) => steps.length > 0),
  );
  const excluded = new Set(storage.getExcludedProperties(type, PLAIN_TO_CLASS));
  const exposed =
    storage.getStrategy(type) === 'excludeAll'
      ? new Set(storage.getExposedProperties(type, PLAIN_TO_CLASS))
      : undefined;
  return {
    typed,
    transforms,
    excludes: (property) => (exposed === undefined ? excluded.has(property) : !exposed.has(property)),
    isPlain: typed.size + transforms.size + excluded.size === 0 && exposed === undefined,
  };
}

/** The decorated properties of the class and of those that it extends. */
function propertiesIn(metadatas: ReadonlyMap<unknown, ReadonlyMap<string, unknown>>, type: object): readonly string[] {
  const properties = new Set<string>();
  for (let at: unknown = type; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    for (const property of metadatas.get(at)?.keys() ?? []) properties.add(property);
  }
  return [...properties];
}

function typedField(property: string, { reflectedType, typeFunction, options }: TypeMetadata): TypedField {
  const { discriminator, keepDiscriminatorProperty = false } = options;
  const whose = `the function of @Type on '${property}'`;
  return {
    property,
    typeOf: (object, newObject) => payloadClassIn(promptAnswer(typeFunction({ newObject, object, property }), whose)),
    subTypes: discriminator?.subTypes ?? [],
    discriminator: discriminator?.property,
    keepsDiscriminator: keepDiscriminatorProperty,
    declared: reflectedType,
  };
}

/** The classes that may stand in the field, as far as they do not depend on what it holds. */
export function classesOf({ typeOf, subTypes }: TypedField): readonly Constructor<object>[] {
  const classes = subTypes.map(({ value }) => value);
  try {
    const type = typeOf({}, {});
    return type === undefined ? classes : [...classes, type];
  } catch {
    return classes;
  }
}

/** True when its function answers with a promise, so that nothing of it can be made when there is a value. */
export function answersLate({ typeOf }: TypedField): boolean {
  try {
    typeOf({}, {});
    return false;
  } catch (error) {
    return isMoonpoolError(error, 'ASYNC_CALLBACK');
  }
}

const NO_PAYLOADS: ReadonlySet<unknown> = new Set([
  String,
  Number,
  Boolean,
  BigInt,
  Symbol,
  Object,
  Array,
  Map,
  Set,
  Function,
  Promise,
]);

/** `@Type(() => Date)` and `@Type(() => Number)` name what travels as it is, so that nothing is to be made of it. */
export function payloadClassIn(type: unknown): Constructor<object> | undefined {
  if (typeof type !== 'function' || NO_PAYLOADS.has(type)) return undefined;
  return isCarriedClass(type as Constructor<object>) ? undefined : (type as Constructor<object>);
}

function transformsOf(key: string, metadatas: readonly TransformMetadata[]): readonly FieldTransform[] {
  const whose = `the function of @Transform on '${key}'`;
  return metadatas
    .filter(({ options }) => options?.groups === undefined || options.groups.length === 0)
    .map(
      ({ transformFn }) =>
        (value, obj) =>
          promptAnswer(transformFn({ value, key, obj, type: PLAIN_TO_CLASS, options: {} }), whose),
    );
}

let storage: Storage | undefined;

/** Loaded with the first class that may use it: a program without payloads and states does not pay for it. */
export function transformerStorage(): Storage {
  storage ??= (require('class-transformer/cjs/storage') as { defaultMetadataStorage: Storage }).defaultMetadataStorage;
  return storage;
}
