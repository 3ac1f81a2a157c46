import 'reflect-metadata';
import type { Constructor } from '../lib/injection/token';
import type { PersistOptions } from '../lib/metadata/actor-record';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { notePersist } from '../lib/metadata/metadata-store';

/**
 * Marks a field of type `ActorState<Class>` whose value is kept in the store. The runtime sets the field after
 * construction, before `onActivate`.
 * @param type the class of the state; a new instance of it is the state of an actor that never persisted any.
 * @param options the name of the state in the store, which is that of the field by default, or more: the version of its shape, how earlier ones become it, whether the rules of its class hold for what is stored, and which storage keeps it.
 */
export function Persist(type: Constructor<object>, options: string | PersistOptions = {}): PropertyDecorator {
  refuseBare('@Persist', 'member', arguments);
  return (target, property, descriptor?: PropertyDescriptor) => {
    requireExperimentalDecorators('@Persist', property);
    const isStaticMember = typeof target === 'function';
    const given = typeof options === 'string' ? { name: options } : options;
    notePersist(isStaticMember ? target : target.constructor, {
      property: String(property),
      type,
      name: given?.name ?? String(property),
      version: given?.version ?? 1,
      upcasts: given?.upcast ?? [],
      isValidated: given?.validate ?? true,
      storage: given?.storage,
      options: given,
      isStaticMember,
      // Some compilers describe a field too, by what it begins with.
      isField: descriptor?.value === undefined && descriptor?.get === undefined && descriptor?.set === undefined,
      emittedType: Reflect.getOwnMetadata('design:type', target, property) as unknown,
    });
  };
}
