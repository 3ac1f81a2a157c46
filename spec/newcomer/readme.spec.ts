import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newcomer } from './newcomer';
import { CLONE, Page } from './page';

describe('The snippets of the README', function () {
  const folder = join(newcomer.bank, 'readme');

  before(async () => {
    await newcomer.prepare();
    for (const [name, text] of new Page('README.md').files()) newcomer.write(join('readme', name), text);
    newcomer.write(
      'readme/tsconfig.json',
      JSON.stringify({ extends: '../tsconfig.json', compilerOptions: { rootDir: '.', outDir: 'dist' } }),
    );
    await newcomer.succeed('npx tsc', folder);
  });

  it('run: a node whose actor keeps what it was told', async () => {
    const node = await newcomer.start('node dist/node.js', /alice has 100\n/, folder);
    await node.end('SIGKILL');
  });

  it('simulate, by the command that stands below them', async () => {
    const [command = ''] = /npx moonpool simulate [^`]+/.exec(readFileSync(join(CLONE, 'README.md'), 'utf8')) ?? [];
    expect(command).to.match(/--seeds 10000$/);
    // As many seeds as it takes to see that it works.
    expect(await newcomer.succeed(command.replace(/\d+$/, '50'), folder)).to.match(/50 seeds, 0 failed/);
  });
});
