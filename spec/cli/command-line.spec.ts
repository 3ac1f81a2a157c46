import { expect } from 'chai';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(__dirname, '..', '..', 'lib', 'cli', 'main.js');
const file = join(__dirname, '..', 'simulation', 'farm', 'fixtures', 'farmed-simulations.js');

describe('The command line', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' };
      execFile(process.execPath, [main, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
        resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr }),
      );
    });

  it('simulates and reports: seeds, faults, coverage, speed', async () => {
    const { code, stdout } = await run('simulate', file, '--test', 'SteadySimulation', '--jobs', '2', '--seeds', '8');
    expect(stdout).to.match(/SteadySimulation appends: 8 seeds, 0 failed\n/);
    expect(stdout).to.match(/fired {2}the seed is four \(1 of 8\)/);
    expect(stdout).to.match(/passed on 2 threads in [\d.]+ s: \d+ seeds and \d+ events a second/);
    expect(code).to.equal(0);
  });

  it('gives the same report for machines with one thread and with two', async () => {
    const reports = [];
    for (const jobs of ['1', '2']) {
      const { stdout } = await run(
        'simulate',
        file,
        '--test',
        'appends',
        '--jobs',
        jobs,
        '--seeds',
        '3,9,4',
        '--format',
        'json',
      );
      reports.push((JSON.parse(stdout) as { realMs: number }[]).map((report) => ({ ...report, realMs: 0 })));
    }
    expect(reports[0]).to.deep.equal(reports[1]);
    expect(reports[0]?.[0]).to.deep.include({ seeds: 3, passed: true });
  });

  it('reduces a failure, keeps it, and replays it to the same end', async () => {
    const { code, stdout } = await run(
      'simulate',
      file,
      '--test',
      'FragileSimulation',
      '--jobs',
      '2',
      '--stop-on-failure',
      '--output',
      'report.txt',
    );
    expect(code).to.equal(1);
    expect(stdout).to.equal('');
    const report = readFileSync(join(folder, 'report.txt'), 'utf8');
    expect(report).to.match(
      /failed: seed \d+: INVARIANT_BROKEN: The invariant 'diesOnceAtMost' does not hold: 2 deaths.*\n {4}replay with: npx moonpool replay /,
    );
    expect(report).to.match(
      /seed \d+: \d+ faults reduced to 2 in \d+ runs; replay with: npx moonpool replay \.moonpool\/replays\/FragileSimulation-survives-\d+\.json/,
    );
    const [kept = ''] = readdirSync(join(folder, '.moonpool', 'replays'));
    const replayed = await run(
      'replay',
      join('.moonpool', 'replays', kept),
      '--trace',
      'trace.json',
      '--html',
      'run.html',
    );
    expect(replayed.code).to.equal(1);
    expect(replayed.stdout).to.contain("The invariant 'diesOnceAtMost' does not hold: 2 deaths");
    expect(replayed.stdout).to.match(/faults: attrition 2\n/);
    expect(replayed.stdout).not.to.contain('The kept run had the hash');
    expect(JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8'))).to.have.property('traceEvents');
    const page = readFileSync(join(folder, 'run.html'), 'utf8');
    expect(page)
      .to.contain('href="#end">FAILED</a>')
      .and.to.contain('does not hold: 2 deaths')
      .and.to.match(/<p>faults: attrition 2<\/p>/);
  });

  it('shows of a replay one actor alone, with its values, and takes the same way', async () => {
    const where = ['replay', file, '--test', 'SteadySimulation.appends', '--seed', '3'];
    const whole = await run(...where);
    const path = / actor=(simulation\/\S+) activation=\S+ turn=1 /.exec(whole.stdout)?.[1] ?? '';
    const actor = path.replace('simulation/', '');
    const shown = await run(...where, '--actor', actor, '--values');
    const hashOf = (text: string) => /hash ([0-9a-f]+)/.exec(text)?.[1];
    expect(hashOf(shown.stdout)).to.equal(hashOf(whole.stdout));
    expect(shown.stdout).to.match(/turn-start .*\n +arguments {7}\[ \d+ \]\n/);
    expect(shown.stdout).to.match(/turn-end .*\n +result {10}\S/);
    expect(shown.stdout).to.match(/store-write-accepted .*\n +state \S+ +nothing -> \{/);
    const paths = [...shown.stdout.matchAll(/ actor=(simulation\/\S+)/g)].map(([, other]) => other);
    expect(new Set(paths)).to.deep.equal(new Set([path]));
    expect((await run(...where, '--actor', `${actor}x`)).stdout).to.contain(
      `No event was of the actor ${actor}x: did you mean ${actor}?`,
    );
  });

  it('says of each fault what it does, and to whom', async () => {
    const { stdout } = await run('replay', file, '--test', 'FragileSimulation', '--seed', '1');
    const faults = stdout.split('\n').filter((line) => / world +fault /.test(line));
    expect(faults).to.not.deep.equal([]);
    for (const line of faults) expect(line).to.match(/fault +name=[^:]+ #\d+: .*(node|client)\d/);
  });

  it('replays a seed, also without some of its faults', async () => {
    const { code, stdout } = await run('replay', file, '--test', 'SteadySimulation.appends', '--seed', '3');
    expect(code).to.equal(0);
    expect(stdout).to.match(/ 1 +0\.000000s +node\d\.1 +boot\n/);
    const [, line = '', fault = ''] = /fault +name=((.+ #\d+): .+)\n/.exec(stdout) ?? [];
    for (const text of [fault, line]) {
      const without = await run('replay', file, '--test', 'appends', '--seed', '3', '--without', text);
      expect(without.stdout).not.to.contain(`name=${fault}:`);
    }
    const wrong = await run('replay', file, '--test', 'appends', '--seed', '3', '--without', 'clog node1 #1');
    expect(wrong.stderr).to.contain("--without is 'clog node1 #1', which no fault is called");
    expect(wrong.code).to.equal(2);
  });

  it('ends with 3 when something was never seen that should be', async () => {
    const { code, stdout } = await run('simulate', file, '--test', 'UnseenSimulation');
    expect(stdout).to.contain('NEVER  pigs fly');
    expect(code).to.equal(3);
  });

  it('ends with 2 and says what is wrong when it is used wrongly', async () => {
    for (const [args, message] of [
      [['simulate', 'nowhere.js'], /INVALID_OPTION: The file .*nowhere\.js does not exist/],
      [['simulate', file, '--seeds', 'many'], /--seeds is "many"/],
      [['simulate', file, '--format', 'pdf'], /--format is 'pdf'/],
      [['simulate', file, '--jobs', '0'], /--jobs is '0'/],
      [
        ['simulate', file, '--test', 'Nothing'],
        /has no test 'Nothing'\. Name one that it has: SteadySimulation\.appends/,
      ],
      [['simulate', file, '--chaos', 'mad'], /--chaos is 'mad'/],
      [['replay', file, '--seed', '1'], /has more than one test\. Add --test/],
      [['replay', file, '--test', 'appends'], /no seed is given\. Add --seed/],
      [['replay', 'none.json'], /none\.json cannot be read/],
      [['fly'], /unknown command 'fly'/],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect(stderr).to.match(message);
      expect(code).to.equal(2);
    }
  });

  it('prints on Ctrl-C what is known so far', async () => {
    const child = spawn(
      process.execPath,
      [main, 'simulate', file, '--test', 'appends', '--seeds', '1000000', '--jobs', '2'],
      { cwd: folder, env: { ...process.env, NO_COLOR: '1' } },
    );
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await new Promise((done) => setTimeout(done, 2_500));
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).to.equal(130);
    expect(printed).to.match(/SteadySimulation appends: \d+ seeds, 0 failed/);
  });
});
