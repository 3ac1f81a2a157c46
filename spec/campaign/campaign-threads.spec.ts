import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CampaignTask, TaskOutcome } from './campaign-task';
import { CampaignThreads } from './campaign-threads';

/** A thread in which seed 3 fails and seed 5 ends the thread. */
const WORKER = `
const { parentPort, threadId } = require('node:worker_threads');
parentPort.on('message', ({ from, to }) => {
  for (let seed = from; seed <= to; seed++) {
    if (seed === 5) throw new Error('worn out');
    parentPort.postMessage({ seed, reason: seed === 3 ? 'wrong' : undefined });
  }
  parentPort.postMessage({ done: true, tookMs: 1, comparedMs: 0, heapBytes: 100 });
});`;

describe('The threads of a campaign', () => {
  let folder: string;
  let file: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-threads-'));
    file = join(folder, 'worker.js');
    writeFileSync(file, WORKER);
  });

  after(() => rmSync(folder, { recursive: true }));

  async function run(tasks: CampaignTask[], threads: CampaignThreads): Promise<readonly TaskOutcome[]> {
    const outcomes: TaskOutcome[] = [];
    await threads.run({ next: () => tasks.shift(), done: (outcome) => void outcomes.push(outcome) });
    return outcomes;
  }

  const task = (from: number, to: number): CampaignTask => ({ title: 'a', from, to, compares: false });

  it('do every task, and say which seeds failed', async () => {
    const threads = new CampaignThreads(2, file);
    const outcomes = await run([task(1, 4), task(6, 7), task(8, 9)], threads);
    expect(outcomes).to.have.length(3);
    expect(outcomes.flatMap(({ failures }) => failures)).to.deep.equal([{ seed: 3, reason: 'wrong' }]);
    expect(threads.replacements).to.equal(0);
  });

  it('go on with another thread when one ends, and say in which seed that was', async () => {
    const threads = new CampaignThreads(1, file);
    const [first, second] = await run([task(4, 9), task(6, 9)], threads);
    expect(first).to.deep.include({ task: task(4, 5), wantedTo: 9 });
    expect(first?.failures[0]).to.have.property('seed', 5);
    expect(first?.failures[0]?.reason).to.contain('worn out');
    expect(second?.failures).to.deep.equal([]);
    expect(threads.replacements).to.equal(1);
  });

  it('are replaced when their heap has grown too large', async () => {
    const threads = new CampaignThreads(1, file, 99);
    await run([task(1, 1), task(2, 2)], threads);
    expect(threads.replacements).to.equal(2);
  });
});
