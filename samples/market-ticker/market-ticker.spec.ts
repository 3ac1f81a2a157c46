import './market-simulation';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';

describe('The market on two processes', function () {
  this.timeout(30_000);

  it('runs over Unix sockets, and shares quotes within a process', async () => {
    const printed = await new Promise<string>(
      (done) =>
        void execFile(process.execPath, [join(__dirname, 'start.js')], (_, stdout, stderr) => done(stdout + stderr)),
    );
    expect(printed).to.match(/linked by unix/);
    expect(printed).to.match(/500 prices, the last is 500, 500 of them shared/);
    expect(printed).to.match(/500 prices, the last is 500, 0 of them shared/);
  });
});
