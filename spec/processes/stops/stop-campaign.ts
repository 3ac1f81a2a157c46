import { FAIL_OVER, pause, StopFleet, type StopOutcome } from './stop-fleet';

const NAMES = ['a', 'b', 'c'] as const;
const LEASE_MS = 3_000;
/** How long a node stands still: longer than it takes to declare it dead. */
const STOP_MS = 6_000;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function describe({ stopped, held, gapsMs, written, failures, ended }: StopOutcome): string {
  const holding = held === undefined ? '' : `, holding the lock of the ${held}`;
  const failed =
    Object.entries(failures)
      .map(([code, count]) => `${count} ${code}`)
      .join(', ') || 'none';
  return `${stopped} stopped${holding}: the others wrote ${written}, longest gaps ${gapsMs.join(' and ')} ms, failed ${failed}${ended.length === 0 ? '' : `; ENDED ${ended.join('; ')}`}`;
}

/**
 * Stops one of three nodes under load so many times, `node stop-campaign.js 20`, and says for how long that stopped the others. Fails when
 * it was longer than the promised fail-over, or when another one ended. Moments are those that come.
 */
async function main(): Promise<void> {
  const stops = Number(process.argv[2] ?? 20);
  const limitMs = LEASE_MS * FAIL_OVER;
  const fleet = await StopFleet.start(NAMES, { leaseMs: LEASE_MS });
  let [longestMs, holding, wrong] = [0, 0, 0];
  try {
    for (let stop = 0; stop < stops; stop++) {
      await pause(1_000 + 50 * (stop % 7));
      const outcome = await fleet.stop(NAMES[stop % NAMES.length] as string, STOP_MS);
      const gapMs = Math.max(...outcome.gapsMs);
      const isWrong = gapMs > limitMs || outcome.ended.length > 0;
      print(`${isWrong ? 'WRONG ' : ''}${stop + 1}: ${describe(outcome)}`);
      longestMs = Math.max(longestMs, gapMs);
      if (outcome.held !== undefined) holding++;
      if (isWrong) wrong++;
      await fleet.restore();
    }
  } finally {
    await fleet.end();
  }
  print(
    `${stops} stops, ${holding} of a node that held a lock; nobody else was stopped for longer than ${longestMs} ms; the promised fail-over is ${limitMs} ms`,
  );
  if (wrong > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
