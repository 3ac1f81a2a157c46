import { onSimulationTest, simulationTestsOf } from '../../metadata/simulation-record';
import { exportedSimulations, isBaseOf } from '../runner/declared-simulations';
import type { SimulationClass } from '../seed-run/simulation-class';
import { runUnderTestRunner } from './run-under-test-runner';
import { commandOfMocha } from './test-runner';

/** The parts of mocha that are used here; it is not imported, for a program that simulates need not have it. */
interface MochaTest {
  timeout(ms: number): this;
  readonly file?: string;
}
interface MochaSuite {
  addTest(test: MochaTest): unknown;
  readonly file?: string;
  readonly parent?: MochaSuite;
  /** Of the root: `require` tells of each file that was loaded, and of what it exports. */
  on?(event: 'require', listener: (exported: unknown) => void): unknown;
}
interface MochaContext {
  /** Throws. */
  skip(): never;
}
type Body = (this: MochaContext) => Promise<void>;
type MochaTestType = new (title: string, body: Body) => MochaTest;
type Describe = (title: string, body: () => void) => MochaSuite;
type It = (title: string, body: Body) => MochaTest;
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
  /** The methods that are tests of the suite. */
  readonly methods: Set<string>;
}

const SUITE = Symbol.for('moonpool:mocha-suite');
const DECLARED_BY_HAND = Symbol.for('moonpool:declared-by-hand');

/**
 * Makes mocha run simulation classes as it runs any spec: each class a suite, each `@SimulationTest` a test, inherited ones
 * too. The decorators run while mocha loads the file, so nothing needs to be registered by hand. Outside of mocha nothing
 * happens: other runners take no test into a suite that they have read, so that they need to know the whole class.
 */
export function installMochaAdapter(): void {
  const adapter = new MochaAdapter();
  onSimulationTest((type) => adapter.enrol(type as SimulationClass));
}

class MochaAdapter {
  private readonly classes = new Set<SimulationClass>();
  private readonly heard = new WeakSet<MochaSuite>();

  /** Declares those tests of the class that mocha does not know yet. */
  enrol(type: SimulationClass): void {
    const mocha = findMocha();
    if (mocha === undefined || Reflect.hasOwnMetadata(DECLARED_BY_HAND, type)) return;
    this.classes.add(type);
    const methods = simulationTestsOf(type).map(({ method }) => method);
    const known = Reflect.getOwnMetadata(SUITE, type) as KnownSuite | undefined;
    if (known === undefined) this.declare(mocha, type, methods);
    else for (const method of methods) this.add(known, type, method);
  }

  private declare(mocha: Mocha, type: SimulationClass, methods: readonly string[]): void {
    let first: MochaTest | undefined;
    const suite = mocha.describe(type.name, () => {
      for (const method of methods) {
        const test = mocha
          .it(
            method,
            this.bodyOf(type, method, () => first?.file),
          )
          .timeout(0);
        first ??= test;
      }
    });
    // The class of tests is taken from the first one, so that it is that of the mocha which runs, whichever copy that is.
    const testType = (first as MochaTest).constructor as MochaTestType;
    Reflect.defineMetadata(SUITE, { suite, testType, methods: new Set(methods) } satisfies KnownSuite, type);
    this.hearOfFiles(suite);
  }

  private add({ suite, testType, methods }: KnownSuite, type: SimulationClass, method: string): void {
    if (methods.has(method)) return;
    methods.add(method);
    const test = new testType(
      method,
      this.bodyOf(type, method, () => suite.file),
    );
    suite.addTest(test);
    // Only now, for a suite gives its own time limit to what is added to it.
    test.timeout(0);
  }

  /** A class that has all its tests from another one has no decorator that would tell of it: it is found among what files export. */
  private hearOfFiles(suite: MochaSuite): void {
    let root = suite;
    while (root.parent !== undefined) root = root.parent;
    if (root.on === undefined || this.heard.has(root)) return;
    this.heard.add(root);
    root.on('require', (exported) => exportedSimulations(exported).forEach((type) => this.enrol(type)));
  }

  private bodyOf(
    type: SimulationClass,
    method: string,
    file: () => string | undefined,
  ): (this: MochaContext) => Promise<void> {
    const { classes } = this;
    return async function run(this: MochaContext) {
      // Those that extend it run its tests; it lists no actors to run them with.
      if (isBaseOf(type, classes)) this.skip();
      const test = simulationTestsOf(type).find((record) => record.method === method);
      if (test !== undefined) await runUnderTestRunner(type, test, commandOfMocha, file());
    };
  }
}

/** Somebody has declared the class himself, so that it is not declared again when its file turns out to export it. */
export function noteDeclaredByHand(type: SimulationClass): void {
  Reflect.defineMetadata(DECLARED_BY_HAND, true, type);
}

/** True when the decorators of the class have declared its tests to mocha. */
export function isDeclaredToMocha(type: SimulationClass): boolean {
  return Reflect.hasOwnMetadata(SUITE, type);
}

interface Mocha {
  readonly describe: Describe;
  readonly it: It;
}

/** Jest, vitest and others have `describe` and `it` too, but their hooks have other names. */
function findMocha(): Mocha | undefined {
  const { describe, it, before, suite, test, suiteSetup } = globalThis as MochaGlobals;
  if (describe !== undefined && it !== undefined && before !== undefined) return { describe, it };
  if (suite !== undefined && test !== undefined && suiteSetup !== undefined) return { describe: suite, it: test };
  return undefined;
}
