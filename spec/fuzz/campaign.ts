import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CampaignResult, CampaignTask } from './campaign-worker';

/**
 * Hands mutated packets to whole nodes, in threads, and tells what became of them: `npm run fuzz -- [count] [threads] [seed]`.
 * By default 10 million in two threads from seed 1. Ends with 1 when anything happened that must not.
 */
const [count = 10_000_000, threads = 2, seed = 1] = process.argv.slice(2).map(Number);

/** A turn of the event loop may not take longer, in milliseconds. */
const MAX_TURN_MS = 100;
/** What may be held after the attack beyond what was held before it: the measure is no finer. */
const MAX_GROWTH_BYTES = 8 * 1024 * 1024;

function attack(task: CampaignTask, onProgress: (done: number) => void): Promise<CampaignResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, 'campaign-worker.js'), { workerData: task });
    worker.on('message', (message: { readonly done?: number; readonly result?: CampaignResult }) => {
      if (message.result !== undefined) resolve(message.result);
      else onProgress(message.done ?? 0);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A thread ended with ${code} before its work was done.`)));
  });
}

/** What must not happen and has happened, as sentences. */
function complaintsAbout({
  longestTurnMs,
  heapBeforeBytes,
  heapAfterBytes,
  arePrototypesUnchanged,
  problems,
}: CampaignResult): readonly string[] {
  return [
    ...problems,
    ...(longestTurnMs > MAX_TURN_MS ? [`A turn of the event loop took ${longestTurnMs.toFixed(1)} ms.`] : []),
    ...(heapAfterBytes - heapBeforeBytes > MAX_GROWTH_BYTES
      ? [`${heapAfterBytes - heapBeforeBytes} bytes more are held than before.`]
      : []),
    ...(arePrototypesUnchanged ? [] : ['A prototype was changed.']),
  ];
}

function say(line: string): void {
  process.stdout.write(`${process.stdout.isTTY ? '\r' : ''}${line}\n`);
}

async function main(): Promise<void> {
  const done = new Array<number>(threads).fill(0);
  const share = Math.ceil(count / threads);
  const startedAt = performance.now();
  const results = await Promise.all(
    done.map((_, index) =>
      attack({ from: seed + index * share, count: share }, (mutants) => {
        done[index] = mutants;
        if (process.stdout.isTTY)
          process.stdout.write(`\r${done.reduce((sum, each) => sum + each, 0)} of ${count} mutated packets`);
      }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const { mutants, served, longestTurnMs, heapBeforeBytes, heapAfterBytes } of results) {
    const [before, after] = [heapBeforeBytes, heapAfterBytes].map((bytes) => (bytes / 2 ** 20).toFixed(1));
    say(
      `${mutants} mutated packets, ${served} of them served; longest turn of the event loop ${longestTurnMs.toFixed(1)} ms; held memory ${before} MiB before, ${after} MiB after`,
    );
  }
  const complaints = results.flatMap(complaintsAbout);
  for (const complaint of complaints) say(complaint);
  say(`${count} in ${seconds.toFixed(0)} s: ${complaints.length === 0 ? 'no harm done' : 'HARM DONE'}`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

void main();
