import 'reflect-metadata';
import type { Constructor } from '../lib/injection/token';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteJournal, type JournalOptions } from '../lib/metadata/journal-record';

/**
 * Marks a field of type `ActorJournal<Class>`: the actor keeps what happened, event by event. The runtime sets the field after
 * construction, before `onActivate`. The class of the actor is persisted after its turns: `@Actor({ name, persist: 'after-turn' })`.
 * @param type the class of the value that the events come to; its method `apply(event)` gives it each of them.
 */
export function Journal(type: Constructor<object>, options: JournalOptions): PropertyDecorator {
  refuseBare('@Journal', 'member', arguments);
  return (target, property, descriptor?: PropertyDescriptor) => {
    requireExperimentalDecorators('@Journal', property);
    const isStaticMember = typeof target === 'function';
    noteJournal(isStaticMember ? target : target.constructor, {
      property: String(property),
      type,
      name: options?.name ?? String(property),
      options,
      isStaticMember,
      isField: descriptor?.value === undefined && descriptor?.get === undefined && descriptor?.set === undefined,
    });
  };
}
