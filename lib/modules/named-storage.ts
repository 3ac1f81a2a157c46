import { containerModule, type ContainerModule } from '../injection/container-module';
import { mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import { NamedStorages, storageName } from '../storage/named-storages';

/**
 * Gives a storage beside the default one a name, for states that are to be kept there: `namedStorage('archive', sqlite({ file: 'archive.db' }))`, and
 * `@Persist(Photo, { storage: 'archive' })`. It starts and stops with the node. It must have a place of its own: a file, or a schema, that nothing else uses.
 * @param module binds a `StateStorage`, as `sqlite`, `postgres` and `memory` do; nothing else that it binds is used.
 * @throws MoonpoolError INVALID_OPTION
 */
export function namedStorage(name: string, module: ContainerModule): ContainerModule {
  checkArguments('namedStorage', {
    name: [mandatory(storageName), name],
    module: [mandatory(containerModule), module],
  });
  return {
    name: `storage ${name}`,
    load: (_bind, contribute) => contribute(NamedStorages, { name, module }),
  };
}
