import type { Attempt } from './acknowledgements';
import type { AccountBooks } from './durable-actors';

/** What a store was found to hold. */
export interface Found {
  readonly books: ReadonlyMap<string, AccountBooks & { readonly heard: readonly string[] }>;
  /** How often the alarm of a key has rung. */
  readonly rings: ReadonlyMap<string, number>;
}

/** What is wrong with a store, each as a sentence. */
export interface Verdict {
  /** Acknowledged, or part of what is there, and not there. */
  readonly lost: readonly string[];
  /** There more than once. */
  readonly doubled: readonly string[];
  /** There, and asked for by nobody; or in one of state, journal and events and not in the others. */
  readonly torn: readonly string[];
  /** Messages and reminders that may still come: lost, when they have not after a while. */
  readonly awaited: readonly string[];
}

/** Compares what was acknowledged with what is there. */
export function judge(attempts: ReadonlyMap<string, Attempt>, found: Found): Verdict {
  const verdict = { lost: [] as string[], doubled: [] as string[], torn: [] as string[], awaited: [] as string[] };
  for (const [account, books] of found.books) judgeAccount(account, books, attempts, verdict);
  for (const { change, isAcknowledged } of attempts.values()) {
    if (change.kind === 'alarm') {
      const rings = found.rings.get(change.key) ?? 0;
      if (rings > 1) verdict.doubled.push(`alarm ${change.key} rang ${rings} times`);
      if (rings === 0 && isAcknowledged) verdict.awaited.push(`alarm ${change.key} has not rung`);
      continue;
    }
    if (!isAcknowledged) continue;
    const books = found.books.get(change.account);
    if (change.kind === 'tell' && books?.heard.includes(change.key) !== true)
      verdict.awaited.push(`message ${change.key} has not come to ${change.account}`);
    if (change.kind === 'enter' && books?.state.includes(change.key) !== true)
      verdict.lost.push(`entry ${change.key} of ${change.account} was acknowledged`);
  }
  return verdict;
}

function judgeAccount(
  account: string,
  { state, journal, history, heard }: AccountBooks & { readonly heard: readonly string[] },
  attempts: ReadonlyMap<string, Attempt>,
  { doubled, torn, awaited }: { readonly [Part in keyof Verdict]: string[] },
): void {
  for (const [where, keys] of Object.entries({ state, journal, history, heard }))
    for (const key of repeated(keys)) doubled.push(`${key} is twice in the ${where} of ${account}`);
  for (const [where, keys] of Object.entries({ journal, history }))
    if (keys.join() !== state.join())
      torn.push(`the ${where} of ${account} has ${keys.length} entries that are not the ${state.length} of its state`);
  for (const key of state)
    if (attempts.get(key)?.change.kind !== 'enter') torn.push(`${key} of ${account} was never entered`);
  const [entered, told] = [new Set(state), new Set(heard)];
  for (const key of told)
    if (!entered.has(key) && attempts.get(key)?.change.kind !== 'tell')
      torn.push(`${account} has heard of ${key}, which is not entered`);
  for (const key of entered) if (!told.has(key)) awaited.push(`the message of entry ${key} of ${account} has not come`);
}

function repeated(keys: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size);
}
