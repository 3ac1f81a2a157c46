/** Tries several lists and returns the place of the first that still fails; undefined when none does. */
export type FindFailing = (candidates: readonly (readonly string[])[]) => Promise<number | undefined>;

/**
 * Reduces a list that makes something fail to one of which no part can be left out: ddmin by A. Zeller and R. Hildebrandt,
 * "Simplifying and Isolating Failure-Inducing Input" (2002). Ends earlier when `findFailing` has had enough and finds none.
 */
export async function reduceList(failing: readonly string[], findFailing: FindFailing): Promise<readonly string[]> {
  if (failing.length === 0 || (await findFailing([[]])) !== undefined) return [];
  let current = failing;
  let parts = 2;
  while (current.length > 1) {
    const pieces = split(current, Math.min(parts, current.length));
    // First one piece alone, which takes the most away; then all but one piece.
    const candidates = [...pieces, ...(pieces.length > 2 ? pieces.map((piece) => without(current, piece)) : [])];
    const found = await findFailing(candidates);
    if (found === undefined) {
      if (parts >= current.length) break;
      parts *= 2;
    } else {
      current = candidates[found] as readonly string[];
      parts = found < pieces.length ? 2 : Math.max(parts - 1, 2);
    }
  }
  return current;
}

function split(list: readonly string[], parts: number): readonly (readonly string[])[] {
  return Array.from({ length: parts }, (_, part) =>
    list.slice(Math.floor((part * list.length) / parts), Math.floor(((part + 1) * list.length) / parts)),
  );
}

function without(list: readonly string[], piece: readonly string[]): readonly string[] {
  const left = new Set(piece);
  return list.filter((item) => !left.has(item));
}
