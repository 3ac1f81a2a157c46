import { expect } from 'chai';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newcomer } from './newcomer';
import { Page } from './page';

const page = new Page('docs/compilers.md');
const LISTENS = /one listens on 127\.0\.0\.1:\d+/;
/** Where a bundle runs on its own, away from all that is installed. */
const bare = join(newcomer.root, 'bare');

describe('Compilers and bundlers', () => {
  before(async () => {
    await newcomer.prepare();
    for (const [name, text] of page.files()) newcomer.write(name, text);
  });

  /** Does all that the page says below the heading, in order; a node that is started must serve the client of the same folder. */
  async function follow(heading: string): Promise<void> {
    for (const command of page.commandsBelow(heading)) {
      const program = /^(?:node|npx tsx) (.*)node\.[jt]s$/.exec(command);
      if (program === null) await newcomer.succeed(command);
      else await serve(command, command.replace(/node\.([jt]s)$/, 'client.$1'));
    }
  }

  async function serve(node: string, client: string): Promise<void> {
    const running = await newcomer.start(node, LISTENS);
    expect(await newcomer.succeed(client)).to.match(/alice has \d+\nINVALID_PAYLOAD, executed: no\n/);
    const code = await running.end('SIGTERM');
    // npx ends by the signal itself.
    if (node.startsWith('node ')) expect(code).to.equal(0);
  }

  it('tsx runs the TypeScript itself', () => follow('Type stripping'));

  it('esbuild bundles a node with its SQLite engine, with and without the packages', () => follow('esbuild'));

  it('webpack does', () => follow('webpack'));

  it('a bundle without the file of the thread says what to do', async () => {
    mkdirSync(bare, { recursive: true });
    newcomer.move('whole/node.js', join(bare, 'node.js'));
    const { code, stderr } = await newcomer.run('node node.js', bare);
    expect(code).to.equal(1);
    expect(stderr).to.match(/BUNDLED_FILE_MISSING: The file sqlite-thread\.js.*Mark moonpool as external/);
  });

  it('and with it, but without an SQLite, says what to install', async function () {
    newcomer.move('whole/sqlite-thread.js', join(bare, 'sqlite-thread.js'));
    const { stderr, code } = await newcomer.run('node -e "require(\'node:sqlite\')"', bare);
    if (code === 0) this.skip();
    expect(stderr).to.contain('node:sqlite');
    expect((await newcomer.run('node node.js', bare)).stderr).to.match(
      /MISSING_PACKAGE: The SQLite engine needs the package libsql.*npm install libsql/,
    );
  });

  it('have no command that these specs do not run', () => {
    expect(page.left).to.deep.equal([]);
  });
});
