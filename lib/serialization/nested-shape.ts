import { payloadClassIn, type TypedField } from '../metadata/transformer-record';
import type { RuledField } from '../metadata/validator-record';
import { kindOf } from './carried-object';

/** How instances stand in a field. `any` where nothing tells. */
type Shape = 'one' | 'array' | 'map' | 'set' | 'many' | 'any';

/**
 * What is wrong, in words, when a list, a map or a set stands where one instance should, or the other way round: the validator takes each
 * for the other. Undefined when nothing is.
 */
export function mistakeOfShape(field: TypedField, ruled: RuledField | undefined, value: unknown): string | undefined {
  // Whether it may be missing is said by its rules.
  if (value === null || value === undefined) return undefined;
  const shape = shapeOf(field, ruled);
  if (shape === 'any') return undefined;
  const found = typeof value === 'object' ? kindOf(value) : typeof value;
  const isMany = found === 'array' || found === 'map' || found === 'set';
  const isRight = shape === 'one' ? found === 'record' : shape === 'many' ? isMany : found === shape;
  if (!isRight)
    return `${field.property} must be ${wordsFor(shape)}, and ${found === 'record' ? 'an object' : wordsFor(found)} was found`;
  const isWhole =
    !isMany ||
    [...(value as ReadonlySet<unknown>).values()].every(
      (item) => typeof item === 'object' && item !== null && kindOf(item) === 'record',
    );
  return isWhole ? undefined : `each item of ${field.property} must be an object`;
}

function shapeOf({ declared }: TypedField, ruled: RuledField | undefined): Shape {
  if (declared === Array) return 'array';
  if (declared === Map) return 'map';
  if (declared === Set) return 'set';
  if (payloadClassIn(declared) !== undefined) return 'one';
  // The compiler has said nothing, or that it may be several things: the rules decide.
  if (ruled === undefined) return 'any';
  return ruled.isList ? 'many' : 'one';
}

function wordsFor(found: string): string {
  switch (found) {
    case 'one':
      return 'one object (for several, say so: @ValidateNested({ each: true }))';
    case 'many':
    case 'array':
      return 'an array';
    case 'map':
      return 'a Map';
    case 'set':
      return 'a Set';
    default:
      return `a value of type ${found}`;
  }
}
