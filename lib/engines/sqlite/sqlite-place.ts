import { statSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';

/** Why no database can be opened or made at a path, where the path itself is the reason; SQLite says only that it cannot. */
export interface WrongPlace {
  readonly says: string;
  readonly remedy: string;
}

/** What is wrong with the place of a file that could not be opened; undefined when the place is none of the reasons. */
export function wrongPlace(file: string): WrongPlace | undefined {
  const folder = dirname(resolve(file));
  const found = statsOf(folder);
  if (found === undefined) return { says: `its folder ${folder} does not exist`, remedy: advice('Make the folder', file) };
  if (!found.isDirectory()) return { says: `${folder} is no folder`, remedy: advice('Name a file in a folder', file) };
  if (statsOf(file)?.isDirectory() === true) return { says: 'it is a folder', remedy: advice('Name a file in it', file) };
  return undefined;
}

function advice(cure: string, file: string): string {
  const counted = isAbsolute(file) ? '' : ` A path that does not begin at the root counts from where the process was started, here ${resolve('.')}.`;
  return `${cure}, or correct the path.${counted}`;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Whatever keeps us from looking at it, it is not there for us.
    return undefined;
  }
}
