import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** Which of the two files of a database: that of the states and the directory, or that of the members beside it. */
export type SqlitePart = 'states' | 'members';

/**
 * Where a file of the database lies, whatever path was given and whatever the working directory becomes. SQLite follows symbolic links, and
 * so must the name of the file beside it: two processes that come by two paths belong to one cluster.
 */
export function fileOf(statesFile: string, part: SqlitePart): string {
  const real = realFile(statesFile);
  return part === 'states' ? real : `${real}-cluster`;
}

function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // It is made when it is opened.
    return resolve(file);
  }
}
