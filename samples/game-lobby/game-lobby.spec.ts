import './game-simulation';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';

describe('The lobby on two processes', function () {
  this.timeout(30_000);

  it('pairs players, lets clocks run out, and counts every game twice', async () => {
    const { code, printed } = await new Promise<{ code: number; printed: string }>((done) => {
      const child = execFile(process.execPath, [join(__dirname, 'start.js')], (_, stdout, stderr) =>
        done({ code: child.exitCode ?? -1, printed: stdout + stderr }),
      );
    });
    expect(code, printed).to.equal(0);
    expect(printed).to.match(/early bird found nobody and has left/);
    const [, late] =
      /\d+ games were played, \d+ on north and \d+ on south; (\d+) ended by the clock/.exec(printed) ?? [];
    expect(Number(late)).to.be.at.least(1);
    const [, games, won, lost, drawn] = /in all: (\d+) games, (\d+) won, (\d+) lost, (\d+) drawn/.exec(printed) ?? [];
    expect(won).to.equal(lost);
    expect(Number(won) + Number(lost) + Number(drawn)).to.equal(2 * Number(games));
    // Whose the request is goes with it: nobody passes that to the referee.
    expect(printed).to.match(/on behalf of player \d+: .*Referee\.judge/);
  });
});
