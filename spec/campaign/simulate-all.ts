import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { CampaignJournal } from './campaign-journal';
import { readOrder, repeatCommand, type CampaignOrder } from './campaign-order';
import { CampaignProgress } from './campaign-progress';
import { campaignSimulations, type CampaignSimulation } from './campaign-simulation';
import type { TaskOutcome } from './campaign-task';
import { CampaignThreads } from './campaign-threads';

/** How many failures of a simulation are printed. */
const SHOWN_FAILURES = 5;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs every simulation of the project over fresh seeds, on all cores: `npm run simulate:all -- 300`. The clock chooses the
 * first seed, which is printed, so that each campaign looks at worlds that nobody has seen; `--from` repeats one.
 */
async function main(): Promise<void> {
  const asked = readOrder(process.argv.slice(2), Math.floor(Date.now() / 1_000));
  const journal = asked.resume === undefined ? undefined : CampaignJournal.open(asked.resume);
  const order: CampaignOrder = { ...asked, from: journal?.from ?? asked.from };
  const simulations = campaignSimulations(new NodeTimeProvider()).filter(({ title }) => title.includes(order.only));
  if (simulations.length === 0) throw new Error(`No simulation contains '${order.only}' in its name`);
  print(
    `${simulations.length} simulations, ${sizeOf(order)} from ${order.from} on, ${order.jobs} threads. The same again: ${repeatCommand(order)}`,
  );
  const campaign = new Campaign(simulations, order, journal);
  const threads = new CampaignThreads(order.jobs);
  await threads.run(campaign);
  campaign.conclude(threads.replacements);
}

/** One campaign: its simulations one after the other, the next begun when there is nothing left to give away of the one before. */
class Campaign {
  private readonly progress: readonly CampaignProgress[];
  private readonly startedAt = performance.now();
  private told = 0;

  constructor(
    private readonly simulations: readonly CampaignSimulation[],
    private readonly order: CampaignOrder,
    private readonly journal: CampaignJournal | undefined,
  ) {
    const { from, count, budgetMinutes, jobs } = order;
    const limit =
      budgetMinutes === undefined
        ? { count }
        : { budgetMs: (budgetMinutes * 60_000 * jobs) / Math.max(1, simulations.length) };
    this.progress = simulations.map(
      ({ title }) => new CampaignProgress({ title, from, ...limit }, journal?.rangesOf(title)),
    );
  }

  next() {
    for (const progress of this.progress) {
      const task = progress.take();
      if (task !== undefined) return task;
    }
    return undefined;
  }

  done(outcome: TaskOutcome): void {
    const index = this.simulations.findIndex(({ title }) => title === outcome.task.title);
    const progress = this.progress[index];
    if (progress === undefined) return;
    progress.add(outcome);
    this.journal?.add(outcome);
    if (progress.isDone) this.tell(progress, this.simulations[index] as CampaignSimulation);
  }

  conclude(replacements: number): void {
    const failed = this.progress.filter(({ failures }) => failures.length > 0);
    const seeds = this.progress.reduce((sum, progress) => sum + progress.seeds, 0);
    const failures = failed.reduce((sum, progress) => sum + progress.failures.length, 0);
    const minutes = (performance.now() - this.startedAt) / 60_000;
    const width = Math.max(...this.progress.map(({ title }) => title.length));
    print(`\n${'simulation'.padEnd(width)}    seeds   failed  a second and thread`);
    for (const { title, seeds: ran, failures: wrong, seedsASecond } of this.progress)
      print(
        `${title.padEnd(width)} ${String(ran).padStart(8)} ${String(wrong.length).padStart(8)} ${seedsASecond.toFixed(1).padStart(10)}`,
      );
    print(
      failed.length === 0
        ? `No seed failed: ${seeds} seeds of ${this.progress.length} simulations in ${minutes.toFixed(1)} minutes.`
        : `${failed.length} of ${this.progress.length} simulations failed, with ${failures} failures: ${failed.map(({ title }) => title).join(', ')}.`,
    );
    if (replacements > 0) print(`${replacements} threads were replaced, for they had grown or ended.`);
    for (const line of this.journal?.sums() ?? []) print(`In all on ${line}`);
    const everFailed = this.journal?.failed ?? [];
    if (everFailed.length > 0) print(`Of all parts these have failed: ${everFailed.join(', ')}`);
    print(`The same again: ${repeatCommand(this.order)}`);
    process.exitCode = failed.length + everFailed.length === 0 ? 0 : 1;
  }

  private tell({ title, seeds, failures, seedsASecond }: CampaignProgress, { command }: CampaignSimulation): void {
    const place = `${++this.told}/${this.progress.length}`.padStart(7);
    print(
      `${place} ${failures.length === 0 ? 'passed' : 'FAILED'}  ${title}: ${seeds} seeds, ${failures.length} failed, ${seedsASecond.toFixed(1)} a second and thread`,
    );
    for (const { seed, reason } of failures.slice(0, SHOWN_FAILURES))
      print(`        ${reason}\n          ${command(seed)}`);
  }
}

function sizeOf({ count, budgetMinutes }: CampaignOrder): string {
  return budgetMinutes === undefined ? `${count} seeds of each` : `${budgetMinutes} minutes divided among them, seeds`;
}

main().catch((error: unknown) => {
  print(isMoonpoolError(error) ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 2;
});
