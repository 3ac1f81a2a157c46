import type { SourceFile } from './source-file';

/** A word that is not used, and the standard term of the field that is. */
interface UnusedWord {
  readonly word: RegExp;
  readonly instead: string;
}

/** One thing has one name, and it is the one by which somebody who knows the field would search for it. */
const UNUSED_WORDS: readonly UnusedWord[] = [
  { word: /\broads?\b/i, instead: 'route or connection' },
  { word: /\banew\b/i, instead: 'again' },
  { word: /\bsigns? of life\b/i, instead: 'heartbeat' },
  { word: /\bturn(?:s|ed|ing)? away\b/i, instead: 'reject' },
  { word: /\btold apart\b/i, instead: 'distinguished' },
  { word: /\btold in the log\b/i, instead: 'logged' },
  { word: /\bneighbou?r(?:ing)? (?:node|process)/i, instead: 'in-process node' },
];

/** Every line with a word that is not used, as a sentence that names the one that is; the specs of this rule have to say them. */
export function findUnusedWords(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !path.startsWith('spec/house/'))
    .flatMap(({ path, source }) =>
      source.split('\n').flatMap((line, at) => {
        // The name of a street, or of a file, is what it is.
        const text = line.replace(/'[A-Z][a-z]+'|\]\([^)]*\)/g, '');
        return UNUSED_WORDS.filter(({ word }) => word.test(text)).map(
          ({ word, instead }) => `${path}:${at + 1} says '${word.exec(text)?.[0]}': say ${instead}.`,
        );
      }),
    );
}
