/**
 * Names by which the language itself calls methods, unasked, and why nothing that is called from elsewhere may have one: each of these calls would be a request, whose answer
 * the language cannot wait for, and whose failure nobody would handle.
 */
export const NAMES_OF_THE_LANGUAGE: ReadonlyMap<string, string> = new Map([
  ['then', 'would be taken for a promise'],
  ['toJSON', 'would be called by JSON.stringify, as loggers use it'],
  ['toString', 'would be called wherever it stands in a text'],
  ['valueOf', 'would be called wherever it is compared or reckoned with'],
  ['constructor', 'would be no object of its class'],
]);
