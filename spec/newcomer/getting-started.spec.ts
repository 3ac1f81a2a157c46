import { expect } from 'chai';
import { newcomer } from './newcomer';

const { page } = newcomer;

describe('Getting started, done literally in an empty folder', function () {
  before(async () => {
    await newcomer.prepare();
    newcomer.forgetStore();
  });

  it('starts two nodes, whom a client asks, and prints what the page shows', async () => {
    const nodes = [
      await newcomer.start(page.command('node dist/node.js one'), /one listens on 127\.0\.0\.1:\d+/),
      await newcomer.start(page.command('node dist/node.js two'), /two listens on 127\.0\.0\.1:\d+/),
    ];
    const command = page.command('node dist/client.js');
    expect((await newcomer.succeed(command)).trimEnd()).to.equal(page.outputOf(command));
    // Ctrl-C, and what a supervisor sends.
    expect(await nodes[0]?.end('SIGINT')).to.equal(0);
    expect(await nodes[1]?.end('SIGTERM')).to.equal(0);
  });

  it('runs the simulation under mocha', async () => {
    expect(await newcomer.succeed(page.command('npx mocha dist/bank.spec.js'))).to.match(
      /✔ acknowledgedDepositsStay[^]*1 passing/,
    );
  });

  it('replays a seed with its timeline', async () => {
    const printed = await newcomer.succeed(
      page.command('MOONPOOL_SEED=17 npx mocha dist/bank.spec.js -g acknowledgedDepositsStay'),
    );
    expect(printed).to.match(/turn-start .*\n[^]*1 passing/);
  });

  it('runs a thousand seeds and replays one, from the command line', async () => {
    expect(await newcomer.succeed(page.command('npx moonpool simulate dist/bank.spec.js --seeds 1000'))).to.match(
      /1000 seeds, 0 failed/,
    );
    expect(await newcomer.succeed(page.command('npx moonpool replay dist/bank.spec.js --seed 17'))).to.match(
      /passed\n$/,
    );
  });

  it('has no command that these specs do not run', () => {
    expect(page.left).to.deep.equal([]);
  });
});
