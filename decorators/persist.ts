import 'reflect-metadata';
import type { Constructor } from '../lib/injection/token';
import { requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { notePersist } from '../lib/metadata/metadata-store';

/**
 * Marks a field of type `ActorState<Class>` whose value is kept in the store. The runtime sets the field after
 * construction, before `onActivate`.
 * @param type the class of the state; a new instance of it is the state of an actor that never persisted any.
 * @param name the name of the state in the store. Default: the name of the field.
 */
export function Persist(type: Constructor<object>, name?: string): PropertyDecorator {
  return (target, property, descriptor?: PropertyDescriptor) => {
    requireExperimentalDecorators('@Persist', property);
    const isStaticMember = typeof target === 'function';
    notePersist(isStaticMember ? target : target.constructor, {
      property: String(property),
      type,
      name: name ?? String(property),
      isStaticMember,
      // Some compilers describe a field too, by what it begins with.
      isField: descriptor?.value === undefined && descriptor?.get === undefined && descriptor?.set === undefined,
      emittedType: Reflect.getOwnMetadata('design:type', target, property) as unknown,
    });
  };
}
