import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import type { SimulationTarget } from '../../lib/cli/simulation-target';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { SeedFarm } from '../../lib/simulation/farm/seed-farm';
import { checkDeterminism, determinismChecks } from '../../lib/simulation/runner/determinism';
import { runSeeds } from '../../lib/simulation/runner/run-seeds';
import { SimulationReport } from '../../lib/simulation/runner/simulation-report';
import { readOrder, repeatCommand, type CampaignOrder } from './campaign-order';
import { projectSimulations } from './project-simulations';
import type { ReliableFailure, ReliableShare } from './reliable-worker';

const RELIABLE = 'ReliableScenario run';

/** What came of one test. */
interface Outcome {
  readonly title: string;
  readonly failures: readonly { readonly reason: string; readonly command: string }[];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs every simulation of the project over fresh seeds, on all cores: `npm run simulate:all -- 300`. The clock chooses the
 * first seed, which is printed, so that each campaign looks at worlds that nobody has seen; `--from` repeats one.
 */
async function main(): Promise<void> {
  const order = readOrder(process.argv.slice(2), Math.floor(Date.now() / 1_000));
  const targets = projectSimulations().filter(({ title }) => title.includes(order.only));
  const withReliable = RELIABLE.includes(order.only);
  if (targets.length === 0 && !withReliable) throw new Error(`No simulation contains '${order.only}' in its name`);
  print(
    `${targets.length + (withReliable ? 1 : 0)} simulations, ${order.count} seeds of each from ${order.from} on, ${order.jobs} threads. The same again: ${repeatCommand(order)}`,
  );
  const outcomes: Outcome[] = [];
  for (const target of targets) outcomes.push(await reported(target.title, order, () => runTarget(target, order)));
  if (withReliable) outcomes.push(await reported(RELIABLE, order, () => runReliable(order)));
  conclude(outcomes, order);
}

async function reported(title: string, { count, from }: CampaignOrder, run: () => Promise<Outcome>): Promise<Outcome> {
  const startedAt = performance.now();
  const outcome = await run();
  const seconds = (performance.now() - startedAt) / 1_000;
  print(
    `${outcome.failures.length === 0 ? 'passed' : 'FAILED'}  ${title}: ${count} seeds from ${from} on, ${outcome.failures.length} failed, ${(count / seconds).toFixed(0)} a second`,
  );
  for (const { reason, command } of outcome.failures.slice(0, 5)) print(`        ${reason}\n          ${command}`);
  return outcome;
}

async function runTarget(
  { file, plan, test, title }: SimulationTarget,
  { count, from, jobs }: CampaignOrder,
): Promise<Outcome> {
  const className = plan.type.name;
  const command = (seed: number): string =>
    `npx moonpool replay ${relative(process.cwd(), file)} --test ${className}.${test.method} --seed ${seed}`;
  const selection = { from, to: from + count - 1 };
  const checks = determinismChecks([from, from + 1]);
  const clock = new NodeTimeProvider();
  const parted =
    checks === undefined
      ? undefined
      : await checkDeterminism(plan, test, checks, { clock }).then(
          () => undefined,
          (error: unknown) => error,
        );
  const report = new SimulationReport(title, command);
  const farm = new SeedFarm({ file, className, method: test.method }, jobs);
  try {
    await runSeeds(farm, selection, report);
  } finally {
    await farm.close();
  }
  const failures = report.failures.map(({ seed, error }) => ({ reason: firstLine(error), command: command(seed) }));
  return {
    title,
    failures: parted === undefined ? failures : [{ reason: firstLine(parted), command: command(from) }, ...failures],
  };
}

/** Bare transports have no cluster and a world of their own; their seeds are shared among threads in turn. */
async function runReliable({ count, from, jobs }: CampaignOrder): Promise<Outcome> {
  const failures: ReliableFailure[] = [];
  await Promise.all(
    Array.from({ length: jobs }, (_, index) => {
      const workerData: ReliableShare = { from: from + index, to: from + count - 1, step: jobs };
      const worker = new Worker(join(__dirname, 'reliable-worker.js'), { workerData });
      worker.on('message', (failure: ReliableFailure) => failures.push(failure));
      return new Promise<void>((resolve, reject) => worker.on('error', reject).on('exit', () => resolve()));
    }),
  );
  const inOrder = failures.sort((a, b) => a.seed - b.seed);
  return {
    title: RELIABLE,
    failures: inOrder.map(({ seed, reason }) => ({ reason, command: `npm run simulate:messages -- 1 --from ${seed}` })),
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function conclude(outcomes: readonly Outcome[], order: CampaignOrder): void {
  const failed = outcomes.filter(({ failures }) => failures.length > 0);
  const seeds = failed.reduce((sum, { failures }) => sum + failures.length, 0);
  print(
    failed.length === 0
      ? `All ${outcomes.length} simulations passed.`
      : `${failed.length} of ${outcomes.length} simulations failed, with ${seeds} failures: ${failed.map(({ title }) => title).join(', ')}.`,
  );
  print(`The same again: ${repeatCommand(order)}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  print(isMoonpoolError(error) ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 2;
});
