import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { MoonpoolError } from '../../errors/moonpool-error';

/** A file that is in use: whether what lies at its path is still the same. */
export class OpenFile {
  private readonly path: string;
  private opened: string | undefined;

  /** A file that is not there yet is known from when it is first seen. */
  constructor(path: string) {
    // The working directory may change.
    this.path = resolve(path);
    this.opened = identityOf(this.path);
  }

  /** @throws MoonpoolError STORAGE_REPLACED when the file was deleted, or another one was put in its place. */
  require(): void {
    const present = identityOf(this.path);
    this.opened ??= present;
    if (present === this.opened) return;
    const what = present === undefined ? 'was deleted' : 'was replaced by another file';
    throw new MoonpoolError('STORAGE_REPLACED', {
      message: `The file ${this.path} ${what} while it was in use`,
      executed: 'maybe',
    });
  }
}

/** Undefined when there is no such file. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
