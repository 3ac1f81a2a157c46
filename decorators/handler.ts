import 'reflect-metadata';
import type { HandlerOptions } from '../lib/metadata/actor-record';
import { noteHandler } from '../lib/metadata/metadata-store';

/** Marks an asynchronous method that can be called through references. */
export function Handler(options: HandlerOptions = {}): MethodDecorator {
  return (target, method, descriptor?: PropertyDescriptor) => {
    const isStatic = typeof target === 'function';
    noteHandler(isStatic ? target : target.constructor, {
      method: String(method),
      options,
      isStatic,
      isMethod: typeof descriptor?.value === 'function',
      emittedTypes: Reflect.getOwnMetadata('design:paramtypes', target, method) as readonly unknown[] | undefined,
    });
  };
}
