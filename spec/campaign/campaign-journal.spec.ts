import { expect } from 'chai';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CampaignJournal } from './campaign-journal';
import type { TaskOutcome } from './campaign-task';

const outcome = (title: string, from: number, to: number, failed: readonly number[] = []): TaskOutcome => ({
  task: { title, from, to, compares: false },
  wantedTo: to,
  failures: failed.map((seed) => ({ seed, reason: 'wrong' })),
  tookMs: 1,
  comparedMs: 0,
});

describe('The journal of a campaign', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-journal-'));
    file = join(folder, 'journal');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('knows in the next part what was run, and tells the sums of each commit', () => {
    const first = CampaignJournal.open(file, 'abc');
    expect(first.from).to.equal(undefined);
    first.add(outcome('one', 5, 9));
    first.add(outcome('two', 5, 6, [6]));
    const second = CampaignJournal.open(file, 'def');
    second.add(outcome('one', 10, 10));
    expect(second.from).to.equal(5);
    expect(second.failed).to.deep.equal(['two']);
    expect(CampaignJournal.open(file, 'def').rangesOf('one')).to.have.length(2);
    expect(CampaignJournal.open(file, 'def').sums()).to.deep.equal([
      'abc: 7 seeds of 2 simulations, 1 failed',
      'def: 1 seeds of 1 simulations, 0 failed',
    ]);
  });

  it('runs again what was being taken down when the campaign was killed', () => {
    CampaignJournal.open(file, 'abc').add(outcome('one', 5, 9));
    appendFileSync(file, '{"commit":"abc","title":"one","fr');
    CampaignJournal.open(file, 'abc').add(outcome('one', 10, 12));
    expect(
      CampaignJournal.open(file, 'abc')
        .rangesOf('one')
        .map(({ to }) => to),
    ).to.deep.equal([9, 12]);
    expect(CampaignJournal.open(file, 'abc').from).to.equal(5);
  });

  it('refuses a file that is something else', () => {
    writeFileSync(file, '{"name":"moonpool"}\n');
    expect(() => CampaignJournal.open(file, 'abc')).to.throw('Line 1');
  });
});
