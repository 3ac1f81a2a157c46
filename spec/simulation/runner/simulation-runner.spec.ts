import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTargets } from '../../../lib/cli/simulation-target';

const run = promisify(execFile);
const mocha = join(createRequire(__filename).resolve('mocha/package.json'), '..', 'bin', 'mocha.js');
const simulations = join(__dirname, 'fixtures', 'simulations.js');

/** Runs a mocha of its own on the fixture and returns what it prints. */
function runMocha(environment: Record<string, string>, ...args: string[]): Promise<string> {
  return runMochaOn(simulations, environment, ...args);
}

async function runMochaOn(file: string, environment: Record<string, string>, ...args: string[]): Promise<string> {
  const env = { ...process.env, MOONPOOL_SEED: '', MOONPOOL_SEEDS: '', FORCE_COLOR: '0', ...environment };
  // It ends with the number of failed tests, which is no failure here.
  const { stdout } = await run(process.execPath, [mocha, '--no-config', '--enable-source-maps', file, ...args], {
    env,
  }).catch((error: { stdout: string }) => error);
  return stdout;
}

describe('Simulations under mocha', function () {
  this.timeout(60_000);
  let printed = '';
  /** What mocha says of one failed test. */
  const failureOf = (title: string) => printed.split(/\n {2}\d+\) /).find((part) => part.startsWith(title)) ?? '';

  before(async () => {
    printed = await runMocha({});
  });

  it('are found by their decorators: a suite for each class, a test for each method', () => {
    expect(printed).to.match(/PassingSimulation\n +✔ appends.*\n +✔ sleeps/);
    expect(printed).to.match(/2 passing/);
    expect(printed).to.match(/6 failing/);
  });

  it('print of a failure: the seed, the virtual time, what went wrong, the last events and the command that replays it', () => {
    const failure = failureOf('FailingSimulation');
    expect(failure).to.contain('failed with seed 3 at 1.');
    expect(failure).to.contain('three is not allowed');
    expect(failure).to.match(/turn-end +actor=simulation\/Ledger\/a/);
    expect(failure).to.match(/MOONPOOL_SEED=3 npx mocha \S*simulations\.js -g 'FailingSimulation failsAtThree'/);
  });

  it('check the invariants of the class after every event', () => {
    expect(failureOf('InvariantSimulation')).to.contain("The invariant 'hasFewEntries' does not hold: 4 entries");
  });

  it('fail when a sometimes was never true over all seeds', () => {
    expect(failureOf('UncoveredSimulation')).to.contain("passed on 3 seeds, but never saw 'pigs fly'");
  });

  it('fail when a seed takes two ways, naming the first event that differs', () => {
    const failure = failureOf('RandomSimulation');
    expect(failure).to.contain('SIMULATION_NOT_DETERMINISTIC');
    expect(failure).to.match(/first: .*test.* sleep[^]*second: .*test.* sleep/);
  });

  it('fail when a promise is rejected and nobody handles it', () => {
    expect(failureOf('ForgetfulSimulation')).to.contain('A promise was rejected and nobody handled it: nobody looked');
  });

  it('name every mistake of a class that is declared wrongly', () => {
    const failure = failureOf('MisdeclaredSimulation');
    for (const mistake of [
      'INVALID_SIMULATION_CLASS',
      'lists no actor classes',
      'constructor has parameters',
      'static member',
      'The option seeds of @SimulationTest of isStatic',
      'without nodes',
    ]) {
      expect(failure).to.contain(mistake);
    }
  });

  it('replay one seed with its timeline when MOONPOOL_SEED is set', async () => {
    const replay = await runMocha({ MOONPOOL_SEED: '3' }, '-g', 'FailingSimulation failsAtThree');
    expect(replay).to.match(/ 1 +0\.000000s +node\d\.1 +boot\n/);
    expect(replay).to.contain('three is not allowed');
    expect(await runMocha({ MOONPOOL_SEED: '4' }, '-g', 'FailingSimulation failsAtThree')).to.contain('1 passing');
  });

  it('run as many seeds as MOONPOOL_SEEDS says', async () => {
    expect(await runMocha({ MOONPOOL_SEEDS: '2' }, '-g', 'FailingSimulation')).to.contain('1 passing');
    expect(await runMocha({ MOONPOOL_SEEDS: '3-3' }, '-g', 'FailingSimulation')).to.contain('failed with seed 3');
  });
});

describe('Simulations that extend others', function () {
  this.timeout(60_000);
  const file = join(__dirname, 'fixtures', 'inheriting-simulations.js');

  it('have their tests under mocha, whether they have tests of their own or not; what lists no actors is left to them', async () => {
    const printed = await runMochaOn(file, {});
    expect(printed).to.match(/CommonTests\n +- shared\n +- replaced/);
    expect(printed).to.match(/WithTestsOfItsOwn\n[^]*✔ shared[^]*✔ replaced[^]*✔ own/);
    for (const line of [
      'ran shared of WithTestsOfItsOwn',
      'ran replaced of WithTestsOfItsOwn',
      'ran own',
      'ran shared of WithoutTestsOfItsOwn',
      'ran replaced of CommonTests',
    ]) {
      expect(printed).to.contain(line);
    }
    expect(printed).to.not.contain('ran shared of CommonTests');
    expect(printed).to.match(/5 passing/);
    expect(printed).to.match(/2 pending/);
  });

  it('are found by the command line, each with its tests', () => {
    const found = findTargets(file, undefined).map(({ title }) => title);
    expect(found.sort()).to.deep.equal([
      'WithTestsOfItsOwn own',
      'WithTestsOfItsOwn replaced',
      'WithTestsOfItsOwn shared',
      'WithoutTestsOfItsOwn replaced',
      'WithoutTestsOfItsOwn shared',
    ]);
  });
});

describe('A seed', function () {
  this.timeout(60_000);

  it('takes the same way in two processes, under hostile chaos', async () => {
    const fingerprints = join(__dirname, 'fixtures', 'fingerprints.js');
    const [first, second] = await Promise.all([
      run(process.execPath, [fingerprints]),
      run(process.execPath, [fingerprints]),
    ]);
    const lines = first.stdout.trim().split('\n');
    expect(lines).to.have.length(5);
    for (const line of lines) expect(line).to.match(/^\d [0-9a-f]{16} \d{3,} undefined$/);
    expect(new Set(lines.map((line) => line.split(' ')[1])).size).to.equal(5);
    expect(second.stdout).to.equal(first.stdout);
  });
});
