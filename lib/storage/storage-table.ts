import { token } from '../injection/token';
import type { StateStorage } from './state-storage';

/** The storages of a process by their names. A simulated world has one for every name. */
export interface StorageTable {
  /** The storage of this name, which is one that the classes of this process ask for. */
  of(name: string): StateStorage;
}
export const StorageTable = token<StorageTable>('StorageTable');
