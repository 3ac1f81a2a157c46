import { basename, dirname } from 'node:path';
import { declaredExportsOf, type SourceFile } from './source-file';

/**
 * Every name that is exported, or has a file, in two rooms of the library: whoever reads it, or lets the editor import it,
 * cannot know which is meant.
 */
export function findHomonyms(files: readonly SourceFile[]): readonly string[] {
  const library = files.filter(({ path }) => path.startsWith('lib/'));
  const places = new Map<string, string[]>();
  const note = (name: string, path: string): void => {
    const others = places.get(name);
    if (others === undefined) places.set(name, [path]);
    else others.push(path);
  };
  for (const file of library) {
    note(basename(file.path), file.path);
    for (const name of new Set(declaredExportsOf(file))) note(name, file.path);
  }
  return [...places]
    .filter(([, paths]) => new Set(paths.map((path) => dirname(path))).size > 1)
    .map(
      ([name, paths]) => `${name} is in ${paths.join(' and in ')}: give each a name that says what it is in its room.`,
    );
}
