/** How many letters of a text from outside are quoted, unless somebody needs more of it. */
export const MAX_QUOTED_LETTERS = 200;

/**
 * What a terminal, an editor or a reader of logs would obey and not show: control characters, line and paragraph separators,
 * marks that turn the direction of writing, letters without width, halves of letters. The joiners of scripts and emoji stay.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Nearly every text is harmless, and to see that costs less than to replace nothing; least of all where it is all of ASCII. */
const ANY_UNSEEN = new RegExp(UNSEEN.source, 'u');
const ORDINARY = /^[ -~]*$/;

const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The text on one line, with everything in it visible: what cannot be seen is written as its number. */
export function visible(text: string): string {
  return !ORDINARY.test(text) && ANY_UNSEEN.test(text)
    ? text.replace(UNSEEN, (letter) => SHORT_FORMS.get(letter) ?? `\\u{${letter.codePointAt(0)?.toString(16)}}`)
    : text;
}

/** As {@link visible}, but lines stay lines: for our own messages, of which some list things below each other. */
export function visibleLines(text: string): string {
  return ORDINARY.test(text) || !ANY_UNSEEN.test(text)
    ? text
    : text.includes('\n')
      ? text.split('\n').map(visible).join('\n')
      : visible(text);
}

/** True when everything in the text can be seen. */
export function isVisible(text: string): boolean {
  return !ANY_UNSEEN.test(text);
}

/**
 * What somebody outside of this process has said, as a part of a log line or of an error: visible, on one line, and cut. Every
 * text that came over a connection goes through here before it is quoted, so that nobody can forge a line, paint a terminal or
 * fill a disk.
 */
export function outsideText(text: string, letters = MAX_QUOTED_LETTERS): string {
  // First cut, so that a long text costs no more than a short one; half a letter at the cut becomes visible as such.
  return text.length <= letters ? visible(text) : `${visible(text.slice(0, letters))}... (${text.length} letters)`;
}

/** The text, or as much of it as there may be, with a note of what is missing. @param limit in UTF-16 units; the note comes on top of it. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Half of a pair of surrogates is no letter, and some serializers refuse it.
  const code = text.charCodeAt(limit - 1);
  const end = code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit;
  return `${text.slice(0, end)}... (${text.length - end} letters more)`;
}
