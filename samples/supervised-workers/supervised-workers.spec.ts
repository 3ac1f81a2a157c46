import './supervised-simulation';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';

describe('The office on real threads', function () {
  this.timeout(20_000);

  it('answers every question although its desks collapse', async () => {
    const printed = await new Promise<string>(
      (done) =>
        void execFile(process.execPath, [join(__dirname, 'start.js')], (_, stdout, stderr) => done(stdout + stderr)),
    );
    expect(printed).to.contain('17984 primes below 200000');
    expect(printed).to.match(/20 answers, \d+ questions asked again, \d+ results heard by the listener/);
  });
});
