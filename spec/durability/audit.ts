import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from './acknowledgements';
import type { Answers, Question, QuestionOf } from './node-messages';
import type { NodeProcess } from './node-process';
import { judge, type Found, type Verdict } from './verdict';

/** How many questions are under way at once. */
const QUESTIONS_AT_ONCE = 32;
/** For how long a question that fails is asked again, in milliseconds. */
const PATIENCE_MS = 20_000;

/**
 * Reads through the actors of a node what the attempts have come to, and waits until messages and reminders have arrived.
 * @param patienceMs how long these may take; what has not come then is lost.
 */
export async function audit(
  node: NodeProcess,
  attempts: ReadonlyMap<string, Attempt>,
  patienceMs: number,
): Promise<Verdict> {
  for (const until = Date.now() + patienceMs; ; await sleep(50)) {
    const verdict = judge(attempts, await read(node, attempts));
    const { lost, doubled, torn, awaited } = verdict;
    if (lost.length + doubled.length + torn.length > 0 || awaited.length === 0) return verdict;
    if (Date.now() > until) return { ...verdict, lost: awaited, awaited: [] };
  }
}

async function read(node: NodeProcess, attempts: ReadonlyMap<string, Attempt>): Promise<Found> {
  const accounts = new Set<string>();
  const alarms: string[] = [];
  for (const { change } of attempts.values()) {
    if (change.kind === 'alarm') alarms.push(change.key);
    else accounts.add(change.account);
  }
  const books: Map<string, Found['books'] extends ReadonlyMap<string, infer Books> ? Books : never> = new Map();
  const rings = new Map<string, number>();
  await together([...accounts], async (account) => {
    // What is heard is read first: by then all of it is in the books, and no message that comes meanwhile is taken for one of nothing.
    const heard = await ask(node, { kind: 'heard', account });
    books.set(account, { ...(await ask(node, { kind: 'books', account })), heard });
  });
  await together(alarms, async (key) => {
    rings.set(key, await ask(node, { kind: 'rings', key }));
  });
  return { books, rings };
}

async function together(keys: readonly string[], work: (key: string) => Promise<void>): Promise<void> {
  const left = keys.values();
  await Promise.all(
    Array.from({ length: QUESTIONS_AT_ONCE }, async () => {
      for (const key of left) await work(key);
    }),
  );
}

async function ask<Kind extends Question['kind']>(
  node: NodeProcess,
  question: QuestionOf<Kind>,
): Promise<Answers[Kind]> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    try {
      return await node.question(question);
    } catch (error) {
      if (!node.isUp || Date.now() > until) throw error;
    }
  }
}
