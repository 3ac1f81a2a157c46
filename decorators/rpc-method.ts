import 'reflect-metadata';
import { noteRpcMethod, type RpcMethodOptions } from '../lib/metadata/rpc-record';

/**
 * Marks an asynchronous method of an interface, with one parameter at most, that can be called from elsewhere.
 * @param index the method's number within the interface, which stays when methods are added or renamed.
 */
export function RpcMethod(index: number, options: RpcMethodOptions = {}): MethodDecorator {
  return (target, method, descriptor?: PropertyDescriptor) => {
    const isStatic = typeof target === 'function';
    const body: unknown = descriptor?.value;
    noteRpcMethod(isStatic ? target : target.constructor, {
      method: String(method),
      index,
      options,
      isStatic,
      parameterCount: typeof body === 'function' ? body.length : undefined,
      emittedTypes: Reflect.getOwnMetadata('design:paramtypes', target, method) as readonly unknown[] | undefined,
    });
  };
}
