import { expect } from 'chai';
import { CampaignProgress, type SeedRange } from './campaign-progress';
import type { CampaignTask, TaskOutcome } from './campaign-task';

const done = (task: CampaignTask, tookMs: number, more: Partial<TaskOutcome> = {}): TaskOutcome => ({
  task,
  wantedTo: task.to,
  failures: [],
  tookMs,
  comparedMs: 0,
  ...more,
});

/** Takes and does everything. */
function runAll(progress: CampaignProgress, msForEach: number): readonly SeedRange[] {
  const ranges: SeedRange[] = [];
  for (let task = progress.take(); task !== undefined; task = progress.take()) {
    ranges.push({ from: task.from, to: task.to });
    progress.add(done(task, msForEach * (task.to - task.from + 1)));
  }
  return ranges;
}

describe('The progress of a campaign with one simulation', () => {
  it('gives one seed away while nobody knows how long it takes, and then about a second of them', () => {
    const progress = new CampaignProgress({ title: 'a', from: 10, count: 100 });
    expect(runAll(progress, 50)).to.deep.equal([
      { from: 10, to: 10 },
      ...[11, 31, 51, 71].map((from) => ({ from, to: from + 19 })),
      { from: 91, to: 109 },
    ]);
    expect(progress).to.include({ seeds: 100, seedsASecond: 20, isDone: true });
  });

  it('has the first seed compared with itself, and no other', () => {
    const progress = new CampaignProgress({ title: 'a', from: 1, count: 3 });
    expect([progress.take(), progress.take()].map((task) => task?.compares)).to.deep.equal([true, false]);
  });

  it('is done when what it gave away has come back', () => {
    const progress = new CampaignProgress({ title: 'a', from: 1, count: 1 });
    const task = progress.take() as CampaignTask;
    expect([progress.take(), progress.isDone]).to.deep.equal([undefined, false]);
    progress.add(done(task, 1, { failures: [{ seed: 1, reason: 'wrong' }] }));
    expect(progress.isDone).to.equal(true);
    expect(progress.failures).to.deep.equal([{ seed: 1, reason: 'wrong' }]);
  });

  it('gives nothing away when its time is spent, comparisons included', () => {
    const progress = new CampaignProgress({ title: 'a', from: 1, budgetMs: 1_500 });
    const task = progress.take() as CampaignTask;
    progress.add(done(task, 500, { comparedMs: 500 }));
    progress.add(done(progress.take() as CampaignTask, 1_000));
    expect([progress.take(), progress.seeds, progress.isDone]).to.deep.equal([undefined, 3, true]);
  });

  it('leaves out what earlier parts of the campaign have run, wherever that is', () => {
    const before = [
      { from: 4, to: 5 },
      { from: 1, to: 2 },
    ];
    const progress = new CampaignProgress({ title: 'a', from: 1, count: 7 }, before);
    expect(runAll(progress, 1)).to.deep.equal([
      { from: 3, to: 3 },
      { from: 6, to: 7 },
    ]);
  });

  it('gives away again what a thread that ended had before it', () => {
    const progress = new CampaignProgress({ title: 'a', from: 1, count: 5 });
    progress.add(done(progress.take() as CampaignTask, 1));
    const task = progress.take() as CampaignTask;
    progress.add(done({ ...task, to: 3 }, 1, { wantedTo: 5 }));
    expect(progress.isDone).to.equal(false);
    expect(progress.take()).to.include({ from: 4, to: 5 });
  });
});
