import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dist = join(__dirname, '..', '..');

describe('Two copies of the package in one process', () => {
  const other = mkdtempSync(join(tmpdir(), 'moonpool-'));
  before(() => {
    mkdirSync(join(other, 'lib', 'injection'), { recursive: true });
    copyFileSync(
      join(dist, 'lib', 'injection', 'package-copies.js'),
      join(other, 'lib', 'injection', 'package-copies.js'),
    );
  });
  after(() => rmSync(other, { recursive: true, force: true }));

  /** What the process prints, which must be one of its own: what it has loaded stays loaded. */
  const run = (copies: readonly string[], modules: string) =>
    new Promise<string>((resolve) => {
      const code = `
        for (const copy of ${JSON.stringify(copies)}) require(copy + '/lib/injection/package-copies.js');
        const { ActorRuntime, Logger, memory } = require(${JSON.stringify(join(dist, 'index.js'))});
        const log = { info() {}, warn: (line) => console.log('WARN ' + line), error() {} };
        const modules = [memory(), { name: 'log', load: (bind) => bind(Logger).toValue(log) }, ...${modules}];
        ActorRuntime.start({ namespace: 'spec', actors: [], modules })
          .then((node) => node.shutdown(), (error) => console.log('ERROR ' + error.message));`;
      execFile(process.execPath, ['-e', code], { cwd: dist }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });

  it('are named by the log, and one is not', async () => {
    expect(await run([dist], '[]')).to.equal('');
    expect(await run([other], '[]')).to.equal(
      `WARN This process has loaded 2 copies of moonpool, from ${other} and ${dist}: tokens, modules and errors of one are unknown to the other. Have one only, by one version in all package.json files, or \`npm dedupe\`\n`,
    );
  });

  it('are named where one does not know a token of the other, which is told as something else', async () => {
    const foreign = "[{ name: 'foreign', load: (bind) => bind({ symbol: Symbol() }).toValue(1) }]";
    expect(await run([], foreign))
      .to.match(/^ERROR INVALID_MODULE: The module foreign binds /)
      .and.not.to.contain('copies');
    expect(await run([other], foreign)).to.match(
      /^ERROR INVALID_MODULE: The module foreign binds .*\. This process has loaded 2 copies of moonpool, from .*`npm dedupe`\. An import cycle/,
    );
  });
});
