import { statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Why no database can be opened or made at a path, where the path itself is the reason; SQLite says only that it cannot. */
export interface WrongPlace {
  readonly says: string;
  readonly remedy: string;
}

/** What is wrong with the place of a file that could not be opened; undefined when the place is none of the reasons. */
export function wrongPlace(file: string): WrongPlace | undefined {
  const folder = dirname(resolve(file));
  const found = statsOf(folder);
  if (found === undefined)
    return { says: `its folder ${folder} does not exist`, remedy: 'Make the folder, or correct the path.' };
  if (!found.isDirectory())
    return { says: `${folder} is no folder`, remedy: 'Name a file in a folder, or correct the path.' };
  if (statsOf(file)?.isDirectory() === true)
    return { says: 'it is a folder', remedy: 'Name a file in it, or correct the path.' };
  return undefined;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Whatever keeps us from looking at it, it is not there for us.
    return undefined;
  }
}
