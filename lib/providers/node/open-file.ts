import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { MoonpoolError } from '../../errors/moonpool-error';

/** A file that is in use: whether what lies at its path is still the same. */
export class OpenFile {
  protected readonly path: string;
  private opened: string | undefined;

  /** A file that is not there yet is known from when it is first seen. */
  constructor(path: string) {
    // The working directory may change.
    this.path = resolve(path);
    this.opened = seen(this.path)?.identity;
  }

  /** How many bytes it has; 0 while there is none. @throws MoonpoolError STORAGE_REPLACED when the file was deleted, or another one was put in its place. */
  require(): number {
    const found = seen(this.path);
    const present = found?.identity;
    this.opened ??= present;
    if (present === this.opened) return found?.size ?? 0;
    const what = present === undefined ? 'was deleted' : 'was replaced by another file';
    throw new MoonpoolError('STORAGE_REPLACED', {
      message: `The file ${this.path} ${what} while it was in use`,
      executed: 'maybe',
    });
  }
}

/** Undefined when there is no such file. */
function seen(path: string): { readonly identity: string; readonly size: number } | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : { identity: `${found.dev}:${found.ino}`, size: Number(found.size) };
}
