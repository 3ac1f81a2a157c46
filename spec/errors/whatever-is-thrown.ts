import { runInNewContext } from 'node:vm';

const deep = (levels: number): unknown => (levels === 0 ? 1 : { inner: deep(levels - 1) });
const failing = (what: string) => () => {
  throw new Error(`no ${what}`);
};
const hiding = (key: string): Error => Object.defineProperty(new Error('x'), key, { get: failing(key) });

/** What can be thrown, by what it is: everything that has once broken somebody who looked at it. Each is made when it is asked for. */
export const WHATEVER_IS_THROWN: Readonly<Record<string, () => unknown>> = {
  nothing: () => undefined,
  null: () => null,
  'a symbol': () => Symbol('s'),
  'a bigint': () => 5n,
  'a function': () => failing,
  'an object without prototype': () => Object.create(null) as unknown,
  'an object whose toString fails': () => ({ toString: failing('text') }),
  'an object whose toString gives no text': () => ({ toString: () => ({}), valueOf: () => ({}) }),
  'an object whose conversion fails': () => ({ [Symbol.toPrimitive]: failing('primitive') }),
  'an object whose constructor fails': () =>
    Object.defineProperty({ toString: failing('text') }, 'constructor', { get: failing('constructor') }),
  'an error whose message fails': () => hiding('message'),
  'an error whose name fails': () => hiding('name'),
  'an error whose stack fails': () => hiding('stack'),
  'an error whose cause fails': () => hiding('cause'),
  'an error whose code fails': () => hiding('code'),
  'an error whose fields fail': () =>
    Object.defineProperty(new Error('x'), 'field', { enumerable: true, get: failing('field') }),
  'an error whose message is a symbol': () => Object.defineProperty(new Error(), 'message', { value: Symbol('m') }),
  'an error whose message is an object without prototype': () =>
    Object.defineProperty(new Error(), 'message', { value: Object.create(null) as unknown }),
  'an error whose name is a number': () => Object.assign(new Error('x'), { name: 5 }),
  'an error whose stack is none': () => Object.assign(new Error('x'), { stack: 5 }),
  'an error without prototype': () => Object.setPrototypeOf(new Error('x'), null) as unknown,
  'a frozen error': () => Object.freeze(new Error('x')),
  'an error that is its own cause': () => {
    const error = new Error('x');
    error.cause = error;
    return error;
  },
  'an error whose cause is a revoked proxy': () => new Error('x', { cause: revoked() }),
  'an error with a message of two million letters': () => new Error('x'.repeat(2_000_000)),
  'an error with a message of half a letter': () => new Error('\ud800'),
  'an error with a field of two million letters': () =>
    Object.assign(new Error('x'), { details: 'y'.repeat(2_000_000) }),
  'an error with a field of 31 levels': () => Object.assign(new Error('x'), { details: deep(31) }),
  'an error with a field of 500 levels': () => Object.assign(new Error('x'), { details: deep(500) }),
  'an error with 1,001 fields': () =>
    Object.assign(
      new Error('x'),
      Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`f${index}`, index])),
    ),
  'an error with a field named constructor': () => Object.assign(new Error('x'), { constructor: 5 }),
  'an error with a field named __proto__': () =>
    Object.defineProperty(new Error('x'), '__proto__', { value: { polluted: true }, enumerable: true }),
  'an error with a function in a field': () => Object.assign(new Error('x'), { then: failing('then') }),
  'a proxy of an error': () => new Proxy(new Error('x'), {}),
  'a proxy that refuses everything': () =>
    new Proxy(new Error('x'), {
      get: failing('get'),
      getPrototypeOf: failing('prototype'),
      ownKeys: failing('keys'),
      has: failing('has'),
    }),
  'a revoked proxy': () => revoked(),
  'an error of another realm': () => runInNewContext("new RangeError('far')") as unknown,
};

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
