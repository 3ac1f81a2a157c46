import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MoonpoolError } from '../../errors/moonpool-error';

/** The two functions by which tests are declared, as mocha, vitest, jest and `node:test` all have them. */
export interface TestFunctions {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void>, timeoutMs?: number) => unknown;
}

/** A test for a runner to declare. */
export interface DeclaredTest {
  readonly title: string;
  readonly body: () => Promise<void>;
}

/** A runner of tests, and how it learns what to run. */
export interface TestRunner {
  /** Declares a suite and its tests, none of which is under a time limit of the runner: each seed has one of its own. */
  declare(suite: string, tests: readonly DeclaredTest[]): void;
  /** The arguments that make the runner run one test of a file, with the name of the program. */
  command(suite: string, test: string, file: string): string;
  /** The file whose tests are being run; undefined when the runner does not say. */
  currentFile(): string | undefined;
}

/** The longest limit that a timer keeps, about 25 days: for runners that know no "none". */
const NO_LIMIT_MS = 2_147_483_647;

/** Where vitest keeps its `expect` also when it puts nothing into the global scope under a name. */
const EXPECT_OF_VITEST = Symbol.for('expect-global');

/** What knows, in jest and vitest, which file is being run. */
interface Expect {
  getState?(): { readonly testPath?: string };
}

interface RunnerGlobals {
  readonly describe?: TestFunctions['describe'];
  readonly it?: TestFunctions['it'];
  /** What mocha has with `--ui tdd`. */
  readonly suite?: TestFunctions['describe'];
  readonly test?: TestFunctions['it'];
  readonly expect?: Expect;
  readonly [EXPECT_OF_VITEST]?: Expect;
}

interface NodeTestOptions {
  readonly timeout: number;
}
interface NodeTestModule {
  readonly describe: TestFunctions['describe'];
  readonly it: (title: string, options: NodeTestOptions, body: () => Promise<void>) => unknown;
  readonly test: unknown;
}

/**
 * The runner that loads the file at this moment: the one to which the functions belong, or that which has put them into the
 * global scope, or vitest and jest without globals, and otherwise that of Node.js.
 * @param door who asks, for messages.
 * @throws MoonpoolError INVALID_OPTION
 */
export function findTestRunner(given?: TestFunctions, door = 'describeSimulation'): TestRunner {
  const { describe, it } = given === undefined ? presentFunctions(door) : checked(given, door);
  const nodeTest = loadNodeTest();
  if (describe === undefined || it === undefined || it === (nodeTest.it as unknown) || it === nodeTest.test)
    return nodeRunner(nodeTest);
  return {
    declare: (suite, tests) => {
      describe(suite, () => {
        for (const { title, body } of tests) liftLimit(it(title, body, NO_LIMIT_MS));
      });
    },
    command: commandOf(process.env),
    currentFile: () =>
      ((globalThis as RunnerGlobals).expect ?? (globalThis as RunnerGlobals)[EXPECT_OF_VITEST])?.getState?.().testPath,
  };
}

function checked(given: TestFunctions, door: string): TestFunctions {
  for (const name of ['describe', 'it'] as const) {
    if (typeof given?.[name] === 'function') continue;
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The last argument of ${door} has no function '${name}'`,
      remedy: `Give it both functions of the test runner: ${door}(..., { describe, it }).`,
    });
  }
  return given;
}

/** The functions of the runner that is at work; none when that of Node.js is meant. */
function presentFunctions(door: string): Partial<TestFunctions> {
  const globals = globalThis as RunnerGlobals;
  if (globals.describe !== undefined && globals.it !== undefined) return { describe: globals.describe, it: globals.it };
  if (globals.suite !== undefined && globals.test !== undefined) return { describe: globals.suite, it: globals.test };
  if (isVitest(process.env)) return loadVitest(door);
  // Jest answers this request itself, wherever it comes from; the package need not be there.
  if (isJest(process.env)) return load('@jest/globals') as TestFunctions;
  return {};
}

/** Mocha takes its limit from the test; the others have taken it with the test. */
function liftLimit(test: unknown): void {
  const { timeout } = (test ?? {}) as { timeout?: unknown };
  if (typeof timeout === 'function') timeout.call(test, 0);
}

function nodeRunner({ describe, it }: NodeTestModule): TestRunner {
  return {
    declare: (suite, tests) => {
      describe(suite, () => {
        for (const { title, body } of tests) it(title, { timeout: Infinity }, body);
      });
    },
    command: (_suite, test, file) => `node --test --test-name-pattern='${test}' ${file}`,
    currentFile: () => process.argv[1],
  };
}

function commandOf(environment: NodeJS.ProcessEnv): TestRunner['command'] {
  if (isVitest(environment)) return (suite, test, file) => `npx vitest run ${file} -t '${suite} ${test}'`;
  if (isJest(environment)) return (suite, test, file) => `npx jest ${file} -t '${suite} ${test}'`;
  return commandOfMocha;
}

/** See {@link TestRunner.command}. */
export function commandOfMocha(suite: string, test: string, file: string): string {
  return `npx mocha ${file} -g '${suite} ${test}'`;
}

function isVitest(environment: NodeJS.ProcessEnv): boolean {
  return environment['VITEST'] !== undefined;
}

function isJest(environment: NodeJS.ProcessEnv): boolean {
  return environment['JEST_WORKER_ID'] !== undefined;
}

const load = createRequire(__filename);

function loadNodeTest(): NodeTestModule {
  return load('node:test') as NodeTestModule;
}

/**
 * Vitest refuses to be required by its name, and what `import` gives comes too late to declare tests; its own file can be
 * required since Node.js 20.19, and is then the very module that runs the tests.
 */
function loadVitest(door: string): TestFunctions {
  try {
    const ofProject = createRequire(join(process.cwd(), 'package.json'));
    return ofProject(join(dirname(ofProject.resolve('vitest/package.json')), 'dist', 'index.js')) as TestFunctions;
  } catch (cause) {
    throw new MoonpoolError('INVALID_OPTION', {
      message: `${door} found no describe and it: Vitest puts them into the global scope only when \`test.globals\` is set, and could not be asked for them`,
      remedy: `Write import { describe, it } from 'vitest' and ${door}(..., { describe, it }).`,
      cause,
    });
  }
}
