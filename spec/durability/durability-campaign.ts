import { parseArgs } from 'node:util';
import type { EngineName } from './bed';
import { describeResult, isWrong, table, type Line } from './campaign-report';
import { plan, type CampaignChoice, type Damage, type PlannedRow } from './campaign-plan';
import { RowRun } from './row';

const ENGINES: readonly EngineName[] = ['sqlite', 'postgres'];
const DAMAGES: readonly Damage[] = ['kill', 'power', 'full'];

const USAGE = `npm run durability -- [--rounds N] [--engine sqlite|postgres|all] [--only kill,power,full] [--seed S]`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function choiceOf(args: readonly string[]): CampaignChoice {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '24' },
      engine: { type: 'string', default: 'all' },
      only: { type: 'string', default: DAMAGES.join() },
      seed: { type: 'string', default: '1' },
    },
  });
  const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
  const engines = ENGINES.filter((engine) => values.engine === 'all' || values.engine === engine);
  const named = values.only.split(',');
  const damages = DAMAGES.filter((damage) => named.includes(damage));
  if (engines.length === 0 || damages.length !== named.length) throw new Error(USAGE);
  if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) throw new Error(USAGE);
  return { rounds, engines, damages, seed };
}

async function lineOf(row: PlannedRow, isStopped: () => boolean): Promise<Line> {
  if (row.skipped !== undefined) return { row };
  const begunAt = performance.now();
  const result = await new RowRun(row, (done) => {
    if (done % 10 === 0) print(`  ${row.title}: ${done} of ${row.rounds}`);
  }).run(isStopped);
  const line = { row, result };
  print(
    `${isWrong(line) ? 'WRONG ' : ''}${describeResult(line)} (${((performance.now() - begunAt) / 1_000).toFixed(0)} s)`,
  );
  return line;
}

/**
 * Kills nodes and servers, cuts the power of disks and fills them, under load, and compares what was acknowledged with what is there. Ends with 1
 * when anything was lost or came twice, or when a control, which is set to lose, has lost nothing. Moments are those that come: the seed decides how long
 * is waited, and what is asked for.
 */
async function main(): Promise<void> {
  let isStopped = false;
  // Disks are unmounted and servers ended all the same.
  process.once('SIGINT', () => (isStopped = true));
  const lines: Line[] = [];
  for (const row of await plan(choiceOf(process.argv.slice(2))))
    if (!isStopped) lines.push(await lineOf(row, () => isStopped));
  print(`\n${table(lines)}`);
  if (isStopped || lines.some(isWrong)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
