import type { Constructor } from '../injection/token';
import { unchecked } from '../metadata/accepted';
import { formOfMethod } from '../metadata/method-form';
import { noteRpcInterface, noteRpcMethod } from '../metadata/rpc-record';

/** The upper half of the ids of Moonpool's own services: `moon` in ASCII. The lower half is the number of the service. */
const OWN_IDS = 0x6d6f_6f6e_0000_0000n;

/**
 * Says what `@RpcInterface` and `@RpcMethod` would, for services of the library itself, which does not know the decorators.
 * @param number of the service, which no other has.
 * @param methods in the order of their indexes; each takes one value at most, looks itself at whether it can be so, and returns a promise.
 */
export function declareService<T extends object>(
  type: Constructor<T>,
  number: number,
  methods: readonly (keyof T & string)[],
): void {
  noteRpcInterface(type, { id: OWN_IDS + BigInt(number) });
  const prototype = type.prototype as Record<string, (...args: never[]) => unknown>;
  methods.forEach((method, index) =>
    noteRpcMethod(type, {
      method,
      index,
      options: { accepts: unchecked },
      isStaticMember: false,
      form: formOfMethod(prototype[method] as (...args: never[]) => unknown),
      emittedTypes: undefined,
    }),
  );
}
