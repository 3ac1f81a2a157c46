import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';

const CLOCK = join(__dirname, 'settable-clock.js');
const DAY_MS = 86_400_000;

/** Prints by how many days each way to ask for the moment differs from the clock of this machine, in a thread that was there before it was set and in the main one. */
const PROGRAM = `
const { setWallClock } = require(${JSON.stringify(CLOCK)});
const { Worker } = require('node:worker_threads');
const days = 'const days = (ms) => Math.round((ms - performance.timeOrigin - performance.now()) / ${DAY_MS})';
const ask = 'const moments = () => [days(Date.now()), days(new Date().getTime()), days(Date.parse(Date()))]';
const worker = new Worker(days + '\\n' + ask + '\\n' + "require('node:worker_threads').parentPort.on('message', function () { this.postMessage(moments()); this.close(); })", { eval: true });
eval(days + '\\n' + ask + '\\n' + 'globalThis.moments = moments');
worker.once('online', () => {
  const before = moments();
  setWallClock(-3 * ${DAY_MS});
  worker.once('message', (there) => {
    const fixed = new Date(0).getTime() + Date.UTC(1970, 0, 1) + Date.parse('1970-01-01T00:00:00Z');
    console.log(JSON.stringify({ before, here: moments(), there, fixed, isDate: new Date() instanceof Date }));
  });
  worker.postMessage('');
});`;

describe('A wall clock that can be set', () => {
  it('is that of all threads of a process, by whatever way it is asked, and leaves moments that are given alone', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--require', CLOCK, '-e', PROGRAM], { encoding: 'utf8' });
    expect(stderr).to.equal('');
    const set = [-3, -3, -3];
    expect(JSON.parse(stdout)).to.deep.equal({ before: [0, 0, 0], here: set, there: set, fixed: 0, isDate: true });
  });
});
