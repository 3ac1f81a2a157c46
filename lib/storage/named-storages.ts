import { containerModule, type ContainerModule } from '../injection/container-module';
import { contributions } from '../injection/contribution-list';
import { anyOf, text } from '../options/option-kind';

/** A storage that states of actors may ask for by its name: `@Persist(Photo, { storage: 'archive' })`. */
export interface NamedStorage {
  readonly name: string;
  /** Binds `StateStorage`. Of what else it binds, only what that one is made of is made. */
  readonly module: ContainerModule;
}

/** What the name of a storage may be. */
export const storageName = text('the name of a storage');

/** True for what can be contributed to {@link NamedStorages}. */
export function isNamedStorage(storage: unknown): storage is NamedStorage {
  const { name, module } = (storage ?? {}) as Partial<NamedStorage>;
  return storageName.admits?.(name) === true && containerModule.mistakesIn(module, { door: '', path: '' }).length === 0;
}

/** All storages that have names. Values only: they decide what a node is made of, and one that no class of it asks for is not made. */
export const NamedStorages = contributions<NamedStorage>('NamedStorages', {
  accepts: anyOf('a named storage { name, module }, whose module binds StateStorage', isNamedStorage),
  holdsValuesOnly: true,
});
