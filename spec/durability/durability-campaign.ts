import { parseArgs } from 'node:util';
import type { EngineName } from './bed';
import { describeResult, isWrong, table, type Line } from './campaign-report';
import { plan, type CampaignChoice, type Damage, type PlannedRow } from './campaign-plan';
import { RowRun } from './row';

const ENGINES: readonly EngineName[] = ['sqlite', 'postgres'];
const DAMAGES: readonly Damage[] = ['kill', 'power', 'full'];

const USAGE = `npm run durability -- [--rounds N] [--engine sqlite|postgres|all] [--only kill,power,full] [--seed S] [--help]

Kills nodes and servers, cuts the power of disks and fills them, under load, and compares what was acknowledged with what is there.

  --rounds N    how often nodes and servers are killed; the power is cut a quarter as often, disks are filled an eighth (default 24)
  --engine E    sqlite, postgres or all, one after the other (default all)
  --only KINDS  of kill, power and full (default all)
  --seed S      decides how long is waited, and what is asked for (default 1)

Ends with 1 when anything was lost or came twice, or when a control, which is set to lose, has lost nothing.`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What was asked for; undefined: how to ask. @throws Error with the usage when it makes no sense. */
function choiceOf(args: readonly string[]): CampaignChoice | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '24' },
      engine: { type: 'string', default: 'all' },
      only: { type: 'string', default: DAMAGES.join() },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
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

/** What was written wrong is answered by how to write it; everything else comes with where it happened. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isWrittenWrong = String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  return isWrittenWrong ? `${error.message}\n${USAGE}` : (error.stack ?? error.message);
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
  const choice = choiceOf(process.argv.slice(2));
  if (choice === undefined) {
    print(USAGE);
    return;
  }
  const lines: Line[] = [];
  for (const row of await plan(choice)) if (!isStopped) lines.push(await lineOf(row, () => isStopped));
  print(`\n${table(lines)}`);
  if (isStopped || lines.some(isWrong)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  print(textOf(error));
  process.exitCode = 1;
});
