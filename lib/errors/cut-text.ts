/** The text, or as much of it as there may be, with a note of what is missing. @param limit in UTF-16 units; the note comes on top of it. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Half of a pair of surrogates is no letter, and some serializers refuse it.
  const code = text.charCodeAt(limit - 1);
  const end = code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit;
  return `${text.slice(0, end)}... (${text.length - end} letters more)`;
}
