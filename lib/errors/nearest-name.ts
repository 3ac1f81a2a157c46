import { closest, distance } from 'fastest-levenshtein';

/** The known name that was probably meant; undefined when none is near enough: more than a third of its letters would differ. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(
    name.toLowerCase(),
    known.map((other) => other.toLowerCase()),
  );
  const meant = known.find((other) => other.toLowerCase() === candidate);
  return meant !== undefined && distance(name.toLowerCase(), candidate) <= Math.max(1, candidate.length / 3)
    ? meant
    : undefined;
}
