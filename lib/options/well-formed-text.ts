/** Half a pair of surrogates, which is no letter. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
/** What nearly every name is made of. */
const ORDINARY = /^[ -~]*$/;

/**
 * Whether the text is one: of whole letters. By what is not, nothing may be known, neither as a key or an id nor as a name: as bytes, on a connection or in a
 * store, every half of a letter becomes the same replacement, so that different texts would be one.
 */
export function isWellFormed(text: string): boolean {
  return ORDINARY.test(text) || !LONE_SURROGATE.test(text);
}

/** For messages, behind what else is wanted of a text. */
export const OF_WHOLE_LETTERS = 'without halves of letters (lone surrogates)';
