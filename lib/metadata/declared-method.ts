import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';

/**
 * Calls the method of a name that a decorator has noted. The name never comes from the wire; the look-up at each call lets a subclass override the
 * method. What is no function any more must not pass for work that was done.
 * @throws MoonpoolError METHOD_MISSING, and what the method throws
 */
export function callDeclared(instance: object, method: string, args: readonly unknown[]): unknown {
  const found = (instance as Readonly<Record<string, unknown>>)[method];
  if (typeof found === 'function') return Reflect.apply(found, instance, args);
  throw new MoonpoolError('METHOD_MISSING', {
    message: `The class declares the method ${method}, but its object has none: ${describeValue(found)} was found there`,
    executed: 'no',
  });
}
