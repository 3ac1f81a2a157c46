import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { contractCases, describeContract, type Contract } from 'moonpool/contracts';
import { ROOT } from '../house/source-file';

/** Something of which there is one promise. */
const contract: Contract<{ readonly answer: number }> = {
  name: 'an answer',
  promises: [
    {
      title: 'it is 42',
      check: async ({ answer }) => {
        if (answer !== 42) throw new Error(`it is ${answer}`);
      },
    },
  ],
};

describe('A contract', () => {
  it('is checked with something fresh for each promise, of which everything is closed and cleared away', async () => {
    const log: string[] = [];
    const note = (line: string): void => void log.push(line);
    const [first] = contractCases(
      { name: 'any', promises: [{ title: 'opens two', check: async (_subject, open) => void (await open()) }] },
      {
        place: () => 'here',
        open: (place) => `${log.push(`open ${place}`)}`,
        close: (subject) => note(`close ${subject}`),
        clear: (place) => note(`clear ${place}`),
      },
    );
    await first?.run();
    expect(log).to.deep.equal(['open here', 'open here', 'close 1', 'close 2', 'clear here']);
  });

  it('is declared to any functions of a test runner, one test for each promise', async () => {
    const titles: string[] = [];
    const bodies: (() => Promise<void>)[] = [];
    const functions = {
      describe: (title: string, body: () => void) => {
        titles.push(title);
        body();
      },
      it: (title: string, body: () => Promise<void>) => {
        titles.push(title);
        bodies.push(body);
      },
    };
    describeContract('Mine', contract, { open: () => ({ answer: 41 }) }, functions);
    expect(titles).to.deep.equal(['Mine keeps the contract of an answer:', 'it is 42']);
    const failure: unknown = await bodies[0]?.().catch((error: unknown) => error);
    expect(String(failure)).to.contain('it is 41');
    const none = { describe: functions.describe } as never;
    expect(() => describeContract('Mine', contract, { open: () => ({ answer: 41 }) }, none)).to.throw(
      /The last argument of describeContract has no function 'it'/,
    );
  });

  it('is run by the runner of Node.js with nothing but Moonpool itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'moonpool-spec-'));
    try {
      const file = join(folder, 'engine.test.js');
      writeFileSync(
        file,
        `const { describeContract, stateStorageContract } = require(${JSON.stringify(join(ROOT, 'dist', 'contracts.js'))});
         const wrong = { claim: async () => ({ epoch: 1, version: 0, writeId: '', data: undefined }), read: async () => undefined, commit: async () => ({ kind: 'fenced', epoch: 0 }),
           history: async () => [], deliveries: async () => ({ deliveries: [], isLast: true }) };
         describeContract('Wrong', stateStorageContract, { open: () => wrong });
         const packages = Object.keys(require.cache).filter((path) => path.includes('node_modules'));
         require('node:test').test('packages: ' + packages.length, () => undefined);`,
      );
      const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
        encoding: 'utf8',
        env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
      });
      expect(stdout).to.contain('Wrong keeps the contract of a state storage:');
      expect(stdout).to.contain('not ok 1 - the first claim finds nothing');
      expect(stdout).to.contain('ok 9 - a commit without any claim is fenced');
      expect(stdout).to.contain('packages: 0');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
