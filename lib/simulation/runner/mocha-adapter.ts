import { relative } from 'node:path';
import { onSimulationTest, type SimulationTestRecord } from '../../metadata/simulation-record';
import { formatEvent } from '../engine/timeline';
import { runSimulation } from './run-simulation';
import { readSeedOverride } from './seed-selection';
import type { SimulationClass } from './simulation-class';

/** The parts of mocha that are used here; it is not imported, for a program that simulates need not have it. */
interface MochaTest {
  timeout(ms: number): this;
  readonly file?: string;
}
interface MochaSuite {
  addTest(test: MochaTest): unknown;
  readonly file?: string;
}
interface MochaGlobals {
  readonly describe?: (title: string, body: () => void) => MochaSuite;
  readonly it?: (title: string, body: () => Promise<void>) => MochaTest;
}
type MochaTestType = new (title: string, body: () => Promise<void>) => MochaTest;

interface KnownSuite {
  readonly suite: MochaSuite;
  readonly testType: MochaTestType;
}

/**
 * Makes mocha run simulation classes as it runs any spec: each class a suite, each `@SimulationTest` a test. The
 * decorators run while mocha loads the file, so nothing needs to be registered by hand. Outside of mocha nothing happens.
 */
export function installMochaAdapter(): void {
  const suites = new WeakMap<object, KnownSuite>();
  onSimulationTest((type, record) => {
    const { describe, it } = globalThis as MochaGlobals;
    if (describe === undefined || it === undefined) return;
    const simulation = type as SimulationClass;
    const known = suites.get(type);
    if (known !== undefined) {
      const test = new known.testType(record.method, () => runUnderMocha(simulation, record, known.suite.file));
      known.suite.addTest(test);
      // Only now, for a suite gives its own time limit to what is added to it.
      test.timeout(0);
      return;
    }
    let first: MochaTest | undefined;
    const suite: MochaSuite = describe(simulation.name, () => {
      first = it(record.method, () => runUnderMocha(simulation, record, first?.file)).timeout(0);
    });
    // The class of tests is taken from the first one, so that it is that of the mocha which runs, whichever copy that is.
    suites.set(type, { suite, testType: (first as MochaTest).constructor as MochaTestType });
  });
}

async function runUnderMocha(type: SimulationClass, { method, options }: SimulationTestRecord, file: string | undefined): Promise<void> {
  const override = readSeedOverride(process.env);
  const title = `${type.name} ${method}`;
  const place = file === undefined ? '' : ` ${relative(process.cwd(), file)}`;
  const isReplay = override?.isReplay === true;
  const report = await runSimulation(type, {
    method,
    keepGoing: false,
    checkDeterminism: !isReplay,
    replayCommand: (seed) => `MOONPOOL_SEED=${seed} npx mocha${place} -g '${title}'`,
    ...(override === undefined ? {} : { seeds: override.selection }),
    ...(isReplay ? { onEvent: (event) => process.stdout.write(`${formatEvent(event)}\n`) } : {}),
  });
  const [failure] = report.failures;
  if (failure !== undefined) throw report.describeFailure(failure);
  if (!isReplay && options.coverage !== 'report' && report.coverage.unfired.length > 0) throw report.describeUnfired();
}
