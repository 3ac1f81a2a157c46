import { sentenceOf } from '../options/option-mistake';
import type { OptionTable } from '../options/option-table';

/** Takes what is wrong with the declaration of a class, as a sentence behind the name of the class. */
export type Say = (mistake: string) => void;

/** Says what is wrong with the options of a decorator. @param decorator as it stands above the class or the method: `@Actor`. */
export function checkDecorator<T extends object>(
  table: OptionTable<T>,
  options: unknown,
  decorator: string,
  say: Say,
): void {
  for (const mistake of table.mistakesIn(options, { door: decorator, path: '' }))
    say(`is declared wrongly: ${sentenceOf(mistake)}`);
}
