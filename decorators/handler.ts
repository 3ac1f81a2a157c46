import 'reflect-metadata';
import type { HandlerOptions } from '../lib/metadata/actor-record';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { formOfMethod } from '../lib/metadata/method-form';
import { noteHandler } from '../lib/metadata/metadata-store';

/** Marks an asynchronous method that can be called through references. */
export function Handler(options: HandlerOptions = {}): MethodDecorator {
  refuseBare('@Handler', 'member', arguments);
  return (target, method, descriptor?: PropertyDescriptor) => {
    requireExperimentalDecorators('@Handler', method);
    const isStaticMember = typeof target === 'function';
    const body: unknown = descriptor?.value;
    noteHandler(isStaticMember ? target : target.constructor, {
      method: String(method),
      options,
      isStaticMember,
      isMethod: typeof body === 'function',
      emittedTypes: Reflect.getOwnMetadata('design:paramtypes', target, method) as readonly unknown[] | undefined,
      form: typeof body === 'function' ? formOfMethod(body as (...args: never[]) => unknown) : undefined,
    });
  };
}
