import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import type { NodePart } from '../injection/container-module';
import type { StateStorage } from './state-storage';
import type { StorageTable } from './storage-table';

/** How the storage that has no name is called in messages. */
const USUAL = 'the default storage';

/**
 * The storages that a node has made for the names that its classes ask for. Two of them must not be one place: an actor has one row in each, and each
 * claim there would fence the other. So it looks, when the node starts, whether a claim in one shows in another.
 */
export class MadeStorages implements StorageTable, NodePart {
  constructor(
    private readonly usual: StateStorage,
    private readonly named: ReadonlyMap<string, StateStorage>,
  ) {}

  of(name: string): StateStorage {
    const storage = this.named.get(name);
    if (storage !== undefined) return storage;
    throw new MoonpoolError('MISSING_BINDING', { message: `No module gives a storage the name '${name}'` });
  }

  /** @throws MoonpoolError INVALID_MODULE */
  async start(): Promise<void> {
    const others: [string, StateStorage][] = [[USUAL, this.usual]];
    for (const [name, storage] of this.named) {
      for (const [other, at] of others) if (await isOnePlace(name, storage, at)) throw onePlace(name, other);
      others.push([`the storage '${name}'`, storage]);
    }
  }
}

/** A storage that does not answer is not looked at: whoever uses it will hear of that. */
async function isOnePlace(name: string, storage: StateStorage, other: StateStorage): Promise<boolean> {
  if (storage === other) return true;
  // No actor has a path of two parts.
  const mark = `storages/${name}`;
  try {
    const before = await other.read(mark);
    await storage.claim(mark);
    const after = await other.read(mark);
    return before?.epoch !== after?.epoch;
  } catch (error) {
    if (isMoonpoolError(error, 'STORAGE_UNAVAILABLE')) return false;
    throw error;
  }
}

function onePlace(name: string, other: string): MoonpoolError {
  return new MoonpoolError('INVALID_MODULE', {
    message: `The storage '${name}' is the same place as ${other}: a claim in one shows in the other`,
    remedy: `Give namedStorage('${name}', ...) a module with a file, or a schema, that nothing else uses.`,
  });
}
