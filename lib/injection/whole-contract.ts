import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';

/** For contracts of engines. */
export const IN_CONTRACTS = '; moonpool/contracts has specs of what its methods promise';

/**
 * The guard of a token whose contract users implement: what lacks one of its methods is refused at the start, for it would fail where that is asked first, in the words of
 * nobody.
 * @param methods has their names as its keys; asked when something is bound, so that it may be declared later.
 * @param specs where its promises stand as specs, for the remedy. @throws MoonpoolError INVALID_MODULE
 */
export function whole<T extends object>(contract: string, methods: () => object, specs = ''): (bound: T) => T {
  return (bound) => {
    const missing = Object.keys(methods()).filter((name) => typeof Reflect.get(Object(bound), name) !== 'function');
    if (missing.length === 0) return bound;
    throw new MoonpoolError('INVALID_MODULE', {
      message: `What is bound to ${contract} has no method ${missing.join(', ')}: it is ${describeValue(bound)}`,
      remedy: `Implement ${contract} whole${specs}.`,
    });
  };
}
