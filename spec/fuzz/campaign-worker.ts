import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { prototypesAsText } from './prototypes';
import { Victim } from './victim';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** How many mutants a turn of the event loop hands over, and after how many turns the main thread is notified. */
const MUTANTS_IN_TURN = 20;
const TURNS_IN_REPORT = 5_000;
/** How many are handed over before memory is measured for the first time: code and caches are warm then. */
const WARM_UP_TURNS = 20_000;
/** A turn that took longer, in milliseconds, is tried again, so many times in all. */
const SUSPICIOUS_TURN_MS = 50;
const ATTEMPTS = 3;

export interface CampaignTask {
  readonly from: number;
  readonly count: number;
}

/** What one thread has seen. */
export interface CampaignResult {
  readonly mutants: number;
  readonly served: number;
  readonly longestTurnMs: number;
  readonly heapBeforeBytes: number;
  readonly heapAfterBytes: number;
  readonly arePrototypesUnchanged: boolean;
  readonly problems: readonly string[];
}

/** What is held when nothing is left to do: idle actors are let go, then everything that nobody holds is collected. */
async function heldBytes(): Promise<number> {
  await sleep(500);
  for (let round = 0; round < 3; round++) {
    collect();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Hands over the mutants of a seed and returns how long the event loop was busy with them, in milliseconds. When that was long
 * they are handed over again: what they cost they cost each time, while a busy machine is rarely busy three times in a row.
 */
async function turnMs(victim: Victim, seed: number): Promise<number> {
  let shortestMs = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && shortestMs > SUSPICIOUS_TURN_MS; attempt++) {
    const startedAt = performance.now();
    victim.attack(seed, MUTANTS_IN_TURN);
    await turn();
    shortestMs = Math.min(shortestMs, performance.now() - startedAt);
  }
  return shortestMs;
}

async function run({ from, count }: CampaignTask): Promise<CampaignResult> {
  const prototypes = prototypesAsText();
  const victim = await Victim.start();
  const turns = Math.ceil(count / MUTANTS_IN_TURN);
  let heapBeforeBytes = 0;
  let longestTurnMs = 0;
  for (let number = 0; number < turns && victim.problems.length === 0; number++) {
    if (number === Math.min(WARM_UP_TURNS, turns >> 1)) {
      heapBeforeBytes = await heldBytes();
    }
    longestTurnMs = Math.max(longestTurnMs, await turnMs(victim, from + number));
    if (number % TURNS_IN_REPORT === 0) parentPort?.postMessage({ done: number * MUTANTS_IN_TURN });
  }
  const heapAfterBytes = await heldBytes();
  const { served, problems } = victim;
  await victim.end();
  return {
    mutants: turns * MUTANTS_IN_TURN,
    served,
    problems: problems.slice(0, 3),
    heapBeforeBytes,
    heapAfterBytes,
    longestTurnMs,
    arePrototypesUnchanged: prototypesAsText() === prototypes,
  };
}

void run(workerData as CampaignTask).then((result) => parentPort?.postMessage({ result }));
