import { visible } from './outside-text';

/** Longer texts are cut. */
const MAX_LETTERS = 100;

/** A value that was given for something else, for messages: in a few words, whatever it is. Never throws. Not for what may be secret. */
export function describeValue(value: unknown): string {
  try {
    return inWords(value);
  } catch {
    // A revoked proxy, for one, refuses every question.
    return 'an object that cannot be looked at';
  }
}

function inWords(value: unknown): string {
  if (typeof value === 'string')
    return visible(JSON.stringify(value.length > MAX_LETTERS ? `${value.slice(0, MAX_LETTERS)}...` : value));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function')
    return typeof value.name !== 'string' || value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'an invalid Date';
  const type: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof type === 'string' && type !== '' && type !== 'Object' ? `an object of ${type}` : 'an object';
}
