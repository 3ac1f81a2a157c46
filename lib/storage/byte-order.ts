/** The order of two texts by their bytes of UTF-8, as stores sort them: less than 0 when the first comes first. */
export function byBytes(a: string, b: string): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    if (a.charCodeAt(index) === b.charCodeAt(index)) continue;
    // Half of a pair stands for a code point above all that are not written in pairs.
    return (a.codePointAt(index) as number) - (b.codePointAt(index) as number) || 0;
  }
  return a.length - b.length;
}
