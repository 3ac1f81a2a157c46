import { expect } from 'chai';
import { it as nodeIt, describe as nodeDescribe } from 'node:test';
import { findTestRunner, type TestFunctions } from '../../../lib/simulation/test-runners/test-runner';

/** A runner of tests that only takes down what it is told. */
function noted(): {
  readonly functions: TestFunctions;
  readonly told: unknown[];
  readonly tests: { limit: number | undefined }[];
} {
  const told: unknown[] = [];
  const tests: { limit: number | undefined }[] = [];
  const functions: TestFunctions = {
    describe: (title, body) => {
      told.push(title);
      body();
    },
    it: (title, _body, timeoutMs) => {
      told.push([title, timeoutMs]);
      const test = { limit: timeoutMs, timeout: (ms: number) => (test.limit = ms) };
      tests.push(test);
      return test;
    },
  };
  return { functions, told, tests };
}

describe('The runner of tests', () => {
  const nothing = async (): Promise<void> => undefined;

  it('is notified of a suite and its tests, which have the longest limit that a timer keeps', () => {
    const { functions, told } = noted();
    findTestRunner(functions).declare('A', [
      { title: 'one', body: nothing },
      { title: 'two', body: nothing },
    ]);
    expect(told).to.deep.equal(['A', ['one', 2 ** 31 - 1], ['two', 2 ** 31 - 1]]);
  });

  it('has no limit where a test says so by a method, as in mocha', () => {
    const { functions, tests } = noted();
    findTestRunner(functions).declare('A', [{ title: 'one', body: nothing }]);
    expect(tests[0]?.limit).to.equal(0);
  });

  it('is that of the global scope when nothing is given: here, mocha', () => {
    expect(findTestRunner().command('A', 'one', 'a.js')).to.equal("npx mocha a.js -g 'A one'");
  });

  it('is found with the other interface of mocha too', () => {
    const { functions, told } = noted();
    const globals = globalThis as unknown as Record<string, unknown>;
    const kept = { describe: globals['describe'], it: globals['it'] };
    Object.assign(globals, { describe: undefined, it: undefined, suite: functions.describe, test: functions.it });
    try {
      findTestRunner().declare('A', []);
    } finally {
      Object.assign(globals, kept, { suite: undefined, test: undefined });
    }
    expect(told).to.deep.equal(['A']);
  });

  it('is that of Node.js when its functions are given, whose tests take options', () => {
    const runner = findTestRunner({ describe: nodeDescribe, it: nodeIt });
    expect(runner.command('A', 'one', 'a.js')).to.equal("node --test --test-name-pattern='one' a.js");
    expect(runner.currentFile()).to.equal(process.argv[1]);
  });

  it('is refused without both functions', () => {
    const { describe: first } = noted().functions;
    expect(() => findTestRunner({ describe: first } as TestFunctions)).to.throw(
      /INVALID_OPTION: The last argument of describeSimulation has no function 'it'.*\{ describe, it \}/,
    );
    expect(() => findTestRunner(null as unknown as TestFunctions)).to.throw(/no function 'describe'/);
  });

  for (const [variable, command] of [
    ['VITEST', "npx vitest run a.ts -t 'A one'"],
    ['JEST_WORKER_ID', "npx jest a.ts -t 'A one'"],
  ] as const) {
    it(`replays with the command of the runner that sets ${variable}`, () => {
      process.env[variable] = '1';
      try {
        expect(findTestRunner(noted().functions).command('A', 'one', 'a.ts')).to.equal(command);
      } finally {
        Reflect.deleteProperty(process.env, variable);
      }
    });
  }
});
