import { expect } from 'chai';
import { newcomer } from './newcomer';
import { Page } from './page';

const page = new Page('docs/test-runners.md');

/** A class of which one seed fails, for the file of tests of one runner. */
const FAILING = `
import { describeSimulation, SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { BankAccount } from './bank';

class FailingSimulation {
  static readonly actors = [BankAccount];

  @SimulationTest([4, 5], { chaos: 'calm' })
  async breaks(cluster: SimulatedCluster): Promise<void> {
    if (cluster.seed === 5) throw new Error('five is not allowed');
  }
}

describeSimulation(FailingSimulation);
`;

describe('Test runners', () => {
  before(async () => {
    await newcomer.prepare();
    newcomer.write('bank-simulation.ts', newcomer.page.files().get('bank.spec.ts') ?? '');
    for (const [name, text] of page.files()) newcomer.write(name, text);
    for (const runner of ['vitest', 'jest', 'node']) newcomer.write(`failing.${runner}.test.ts`, FAILING);
  });

  /** Does what the page says below the heading; the last command is the one that runs the tests. */
  async function follow(heading: string): Promise<string> {
    let printed = '';
    for (const command of page.commandsBelow(heading)) {
      const { code, stdout, stderr } = await newcomer.run(command);
      printed = stdout + stderr;
      // The files that fail on purpose match the patterns of runners too.
      if (code !== 0 && !printed.includes('five is not allowed'))
        throw new Error(`'${command}' ended with ${code}:\n${printed}`);
    }
    return printed;
  }

  it('mocha runs a class of simulations, compiled and by a loader', async () => {
    expect(await follow('mocha')).to.match(/BankSimulation\n +✔ acknowledgedDepositsStay[^]*1 passing/);
  });

  it('vitest does, and shows the seed that fails with its command', async () => {
    expect(await follow('vitest')).to.match(/✓ bank\.vitest\.test\.ts/);
    const { code, stdout, stderr } = await newcomer.run('npx vitest run failing.vitest.test.ts');
    expect(code).to.equal(1);
    expect(stdout + stderr).to.match(
      /failed with seed 5[^]*five is not allowed[^]*MOONPOOL_SEED=5 npx vitest run failing\.vitest\.test\.ts -t 'FailingSimulation breaks'/,
    );
  });

  it('vitest does with globals, and with its functions handed over where it cannot be asked', async () => {
    const handed =
      `import { describe, it } from 'vitest';\n${page.files('vitest').get('bank.vitest.test.ts') ?? ''}`.replace(
        '(BankSimulation)',
        '(BankSimulation, { describe, it })',
      );
    newcomer.write('handed.vitest.test.ts', handed);
    for (const command of [
      'npx vitest run bank.vitest.test.ts --globals',
      'npx vitest run handed.vitest.test.ts --pool vmThreads',
    ]) {
      expect(await newcomer.succeed(command, undefined, { MOONPOOL_SEEDS: '1-60' })).to.match(/1 passed/);
    }
    const { stdout, stderr } = await newcomer.run('npx vitest run bank.vitest.test.ts --pool vmThreads');
    expect(stdout + stderr).to.match(
      /describeSimulation found no describe and it[^]*import \{ describe, it \} from 'vitest'/,
    );
  });

  it('jest does, and shows the seed that fails with its command', async () => {
    expect(await follow('jest')).to.match(/PASS \.\/bank\.jest\.test\.ts/);
    const { code, stderr } = await newcomer.run('npx jest failing.jest.test.ts');
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /failed with seed 5[^]*five is not allowed[^]*MOONPOOL_SEED=5 npx jest failing\.jest\.test\.ts -t 'FailingSimulation breaks'/,
    );
  });

  it('node:test does, and shows the seed that fails with its command', async () => {
    expect(await follow('node:test')).to.match(/# pass 1\n# fail 0/);
    const { code, stdout } = await newcomer.run('node --test dist/failing.node.test.js');
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /failed with seed 5[^]*five is not allowed[^]*MOONPOOL_SEED=5 node --test --test-name-pattern='breaks' dist\/failing\.node\.test\.js/,
    );
  });

  it('the command line takes the TypeScript itself', async () => {
    expect(await follow('Without a runner')).to.match(/200 seeds, 0 failed/);
  });

  it('have no command that these specs do not run', () => {
    expect(page.left).to.deep.equal([]);
  });
});
