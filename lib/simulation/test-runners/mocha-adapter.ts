import { onSimulationTest } from '../../metadata/simulation-record';
import { runUnderTestRunner } from './run-under-test-runner';
import type { SimulationClass } from '../runner/simulation-class';
import { commandOfMocha } from './test-runner';

/** The parts of mocha that are used here; it is not imported, for a program that simulates need not have it. */
interface MochaTest {
  timeout(ms: number): this;
  readonly file?: string;
}
interface MochaSuite {
  addTest(test: MochaTest): unknown;
  readonly file?: string;
}
type MochaTestType = new (title: string, body: () => Promise<void>) => MochaTest;
type Describe = (title: string, body: () => void) => MochaSuite;
type It = (title: string, body: () => Promise<void>) => MochaTest;
type Hook = (body: () => void) => unknown;
/** What mocha puts into the global scope: with its usual interface, and with `--ui tdd`. */
interface MochaGlobals {
  readonly describe?: Describe;
  readonly it?: It;
  readonly before?: Hook;
  readonly suite?: Describe;
  readonly test?: It;
  readonly suiteSetup?: Hook;
}

interface KnownSuite {
  readonly suite: MochaSuite;
  readonly testType: MochaTestType;
}

const SUITE = Symbol.for('moonpool:mocha-suite');

/**
 * Makes mocha run simulation classes as it runs any spec: each class a suite, each `@SimulationTest` a test. The
 * decorators run while mocha loads the file, so nothing needs to be registered by hand. Outside of mocha nothing happens:
 * other runners take no test into a suite that they have read, so that they need to be told of the whole class.
 */
export function installMochaAdapter(): void {
  onSimulationTest((type, record) => {
    const mocha = findMocha();
    if (mocha === undefined) return;
    const simulation = type as SimulationClass;
    const known = Reflect.getOwnMetadata(SUITE, type) as KnownSuite | undefined;
    if (known !== undefined) {
      const test = new known.testType(record.method, () => runUnderTestRunner(simulation, record, commandOfMocha, known.suite.file));
      known.suite.addTest(test);
      // Only now, for a suite gives its own time limit to what is added to it.
      test.timeout(0);
      return;
    }
    let first: MochaTest | undefined;
    const suite = mocha.describe(simulation.name, () => {
      first = mocha.it(record.method, () => runUnderTestRunner(simulation, record, commandOfMocha, first?.file)).timeout(0);
    });
    // The class of tests is taken from the first one, so that it is that of the mocha which runs, whichever copy that is.
    Reflect.defineMetadata(SUITE, { suite, testType: (first as MochaTest).constructor as MochaTestType } satisfies KnownSuite, type);
  });
}

/** True when the decorators of the class have declared its tests to mocha. */
export function isDeclaredToMocha(type: SimulationClass): boolean {
  return Reflect.hasOwnMetadata(SUITE, type);
}

/** Jest, vitest and others have `describe` and `it` too, but their hooks have other names. */
function findMocha(): { readonly describe: Describe; readonly it: It } | undefined {
  const { describe, it, before, suite, test, suiteSetup } = globalThis as MochaGlobals;
  if (describe !== undefined && it !== undefined && before !== undefined) return { describe, it };
  if (suite !== undefined && test !== undefined && suiteSetup !== undefined) return { describe: suite, it: test };
  return undefined;
}
