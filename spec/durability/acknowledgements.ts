import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Change } from './node-messages';

/** What a client knows of one change. */
export interface Attempt {
  readonly change: Change;
  readonly isAcknowledged: boolean;
}

/**
 * What a client has asked for and what was acknowledged, written down before each call and after each answer, on a disk that no round harms. It
 * is the file that is compared with the store, and not what the client remembers.
 */
export class Acknowledgements {
  private readonly handle: number;

  constructor(private readonly file: string) {
    this.handle = openSync(file, 'a');
  }

  tries(change: Change): void {
    this.note('tries', change);
  }

  acknowledges(change: Change): void {
    this.note('has', change);
  }

  /** All that was written down, by key. */
  read(): ReadonlyMap<string, Attempt> {
    return readAcknowledgements(readFileSync(this.file, 'utf8'));
  }

  close(): void {
    closeSync(this.handle);
  }

  private note(what: 'tries' | 'has', change: Change): void {
    writeSync(this.handle, `${what} ${JSON.stringify(change)}\n`);
  }
}

/** Reads the lines of such a file. */
export function readAcknowledgements(text: string): ReadonlyMap<string, Attempt> {
  const attempts = new Map<string, Attempt>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const space = line.indexOf(' ');
    const change = JSON.parse(line.slice(space + 1)) as Change;
    const isAcknowledged = line.startsWith('has ') || attempts.get(change.key)?.isAcknowledged === true;
    attempts.set(change.key, { change, isAcknowledged });
  }
  return attempts;
}
