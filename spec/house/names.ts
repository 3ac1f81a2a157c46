import { basename } from 'node:path';
import type { SourceFile } from './source-file';

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.spec(-d)?)?\.ts$/;
const EMPTY_WORDS = /(^|[-/.])(utils?|helpers?|common|shared|misc|types|interfaces|stuff)([-/.]|$)/;
/** A file that is longer than this holds a concept which waits to be named. */
const MAX_LINES = 300;
const MACHINE_PATH = /\/(home|root|Users|work|tmp)\/[a-z]/;

/** Every file whose name or size is against the house, as a sentence that names the remedy. */
export function findNameMistakes(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, source }) => {
    const mistakes: string[] = [];
    if (!KEBAB_CASE.test(basename(path)))
      mistakes.push(`${path} is not in kebab-case: name it by its one concept, in lower case with dashes.`);
    if (EMPTY_WORDS.test(path)) mistakes.push(`${path} has a name that says nothing: name it by what it is.`);
    const lines = source.split('\n').length;
    if (path.startsWith('lib/') && lines > MAX_LINES)
      mistakes.push(
        `${path} has ${lines} lines: find the second concept in it and give it a file (at most ${MAX_LINES}).`,
      );
    if (path.startsWith('lib/') && /\b(TODO|FIXME|XXX)\b/.test(source))
      mistakes.push(`${path} holds a note of something left undone: do it, or file an issue.`);
    if (MACHINE_PATH.test(source))
      mistakes.push(`${path} holds a path of somebody's machine: make it relative or an option.`);
    return mistakes;
  });
}
