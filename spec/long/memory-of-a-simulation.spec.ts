import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

describe('A simulated cluster', function () {
  this.timeout(120_000);

  it('keeps nothing of dead processes: after a thousand crashes and restarts the heap is as it was, within a twentieth', async () => {
    const { stdout } = await run(process.execPath, [
      '--expose-gc',
      join(__dirname, '..', 'simulation', 'cluster', 'fixtures', 'thousand-crashes.js'),
    ]);
    const [before = NaN, after = NaN] = stdout.trim().split('\n').map(Number);
    expect(after / before, stdout).to.be.below(1.05);
  });
});
