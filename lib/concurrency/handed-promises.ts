import { types } from 'node:util';
import { leaveAlone } from '../errors/left-promise';

/** So many objects are looked through: what is refused may be as large as it likes. */
const MAX_OBJECTS = 1_000_000;
/** How many instances of classes may lie in one another: behind them lies what makes up a program, and its promises are nobody's here. */
const MAX_INSTANCES = 2;

/**
 * A value was handed over, and is refused: a list of promises in place of what they come to, as of `items.map(async ...)`, an object in
 * which an await is missing. Whoever gave it waits for the refusal, and nobody for the promises: from then on none that is rejected
 * ends the process. No getter is asked. Never throws.
 */
export function leavePromisesIn(root: unknown): void {
  const seen = new Map<object, number>();
  const look = (part: unknown, instances: number): void => {
    if (typeof part === 'object' && part !== null && seen.size < MAX_OBJECTS && !seen.has(part))
      seen.set(part, instances);
  };
  look(root, 0);
  // What is added while the map is walked is walked too.
  for (const [value, instances] of seen) {
    try {
      lookInto(value, instances, look);
    } catch {
      // An object that lets nobody look into it shows no promises.
    }
  }
}

/**
 * As {@link leavePromisesIn}, of a value that is to wait before anybody looks into it, which is when the promises in it may fail. Nearly no value holds
 * any, so that this asks little: what its fields are, and the first items of lists.
 */
export function leavePromisesAtHand(value: unknown): void {
  if (typeof value !== 'object' || value === null || !holdsAtHand(value)) return;
  leavePromisesIn(value);
}

function holdsAtHand(value: object): boolean {
  if (types.isProxy(value) || ArrayBuffer.isView(value)) return false;
  if (isPromiseOrListOf(value)) return true;
  if (Array.isArray(value)) return false;
  if (types.isMap(value) || types.isSet(value)) return isPromiseOrListOf([value.values().next().value]);
  for (const key of Object.keys(value))
    if (isPromiseOrListOf(Object.getOwnPropertyDescriptor(value, key)?.value)) return true;
  return false;
}

function isPromiseOrListOf(part: unknown): boolean {
  return types.isPromise(part) || (Array.isArray(part) && types.isPromise(part[0]));
}

function lookInto(value: object, instances: number, look: (part: unknown, instances: number) => void): void {
  if (types.isPromise(value)) return leaveAlone(value);
  if (types.isProxy(value) || ArrayBuffer.isView(value)) return;
  const within = isContainer(value) ? instances : instances + 1;
  if (within > MAX_INSTANCES) return;
  if (types.isMap(value))
    Map.prototype.forEach.call(value, (item, key) => {
      look(key, within);
      look(item, within);
    });
  if (types.isSet(value)) Set.prototype.forEach.call(value, (item) => look(item, within));
  for (const key of Reflect.ownKeys(value)) look(Object.getOwnPropertyDescriptor(value, key)?.value, within);
}

/** Whether it is there to hold others, and nothing else. */
function isContainer(value: object): boolean {
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value) || types.isNativeError(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
