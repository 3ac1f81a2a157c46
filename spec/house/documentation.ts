/** What stands in code and not on its page, and the other way round, as sentences that name the remedy. */
export function compareWithPage(
  what: string,
  page: string,
  inCode: readonly string[],
  onPage: readonly string[],
): readonly string[] {
  const code = new Set(inCode);
  const listed = new Set(onPage);
  return [
    ...[...code]
      .filter((name) => !listed.has(name))
      .map((name) => `The ${what} ${name} is missing on ${page}: describe it there.`),
    ...[...listed]
      .filter((name) => !code.has(name))
      .map((name) => `${page} describes the ${what} ${name}, which does not exist: remove it there, or export it.`),
    ...onPage
      .filter((name, index) => onPage.indexOf(name) !== index)
      .map((name) => `${page} describes the ${what} ${name} twice: keep one.`),
  ];
}

/** The names that a page lists: lines such as "- `name`: what it is". */
export function listedNames(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^- `([A-Za-z_]\w*)`/gm)].map((match) => match[1] as string);
}
