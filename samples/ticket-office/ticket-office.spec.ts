import { runSimulation } from 'moonpool/simulation';
import { TicketSimulation } from './ticket-simulation';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

describe('The ticket office', () => {
  it('outlasts nodes that die again and again', async () => {
    const report = await runSimulation(TicketSimulation, { seeds: [3_793_301_775] });
    expect(report.failures).to.deep.equal([]);
  });
});

describe('The careless ticket office', function () {
  this.timeout(60_000);

  it('is found out by its simulation, with the fault that does it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
    const commandLine = resolve('dist', 'lib', 'cli', 'main.js');
    const simulation = join(__dirname, 'careless-simulation.js');
    try {
      const printed = await new Promise<string>((done) => {
        execFile(
          process.execPath,
          [commandLine, 'simulate', simulation, '--stop-on-failure'],
          { cwd: folder, env: { ...process.env, NO_COLOR: '1' } },
          (_, stdout) => done(stdout),
        );
      });
      expect(printed).to.match(/CarelessSimulation everyTicketIsSoldOnce: \d+ seeds, 1 failed/);
      expect(printed).to.match(/\d+ faults reduced to [1-5] in \d+ runs/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
