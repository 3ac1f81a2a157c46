import 'reflect-metadata';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { formOfMethod } from '../lib/metadata/method-form';
import { noteRpcMethod, type RpcMethodOptions } from '../lib/metadata/rpc-record';

/**
 * Marks an asynchronous method of an interface, with one parameter at most, that can be called from elsewhere.
 * @param index the method's number within the interface, which stays when methods are added or renamed.
 */
export function RpcMethod(index: number, options: RpcMethodOptions = {}): MethodDecorator {
  refuseBare('@RpcMethod', 'member', arguments);
  return (target, method, descriptor?: PropertyDescriptor) => {
    requireExperimentalDecorators('@RpcMethod', method);
    const isStaticMember = typeof target === 'function';
    const body: unknown = descriptor?.value;
    noteRpcMethod(isStaticMember ? target : target.constructor, {
      method: String(method),
      index,
      options,
      isStaticMember,
      form: typeof body === 'function' ? formOfMethod(body as (...args: never[]) => unknown) : undefined,
      emittedTypes: Reflect.getOwnMetadata('design:paramtypes', target, method) as readonly unknown[] | undefined,
    });
  };
}
