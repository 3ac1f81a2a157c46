import { token } from '../injection/token';

/** A file that is open for reading and writing. */
export interface StorageFile {
  /** Up to `length` bytes from the offset; fewer, or none, at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Writes all bytes at the offset; a gap before it reads as zeros. Durable only after {@link StorageFile.sync}. */
  write(offset: number, bytes: Uint8Array): Promise<void>;
  /** Resolves when everything written before is durable, the size included. */
  sync(): Promise<void>;
  size(): Promise<number>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** The files of one node. Paths are relative to the device's root, with slashes. Failures are STORAGE_DEVICE_FAILED. */
export interface StorageDevice {
  /** Opens the file, which is made, with its folders, when it does not exist. */
  open(path: string): Promise<StorageFile>;
  /** True when the file exists. */
  exists(path: string): Promise<boolean>;
  /** Replaces `to` in one durable step. */
  rename(from: string, to: string): Promise<void>;
  /** Removes the file; does nothing when it does not exist. */
  remove(path: string): Promise<void>;
  /** The paths of all files below the folder, sorted. */
  list(folder: string): Promise<readonly string[]>;
}
export const StorageDevice = token<StorageDevice>('StorageDevice');
