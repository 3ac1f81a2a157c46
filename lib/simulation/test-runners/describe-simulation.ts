import { collectTestsOf } from '../../metadata/simulation-record';
import { isDeclaredToMocha, noteDeclaredByHand } from './mocha-adapter';
import { runUnderTestRunner } from './run-under-test-runner';
import { planSimulation, type SimulationClass } from '../seed-run/simulation-class';
import { findTestRunner, type TestFunctions } from './test-runner';

/**
 * Declares a simulation class to the runner that loads this file: the class becomes a suite, each method marked with
 * `@SimulationTest` a test without a time limit. Mocha, vitest, jest and `node:test` are found by themselves. Under mocha the
 * decorators have done it already, so that this changes nothing.
 * @param functions `describe` and `it` of the runner, where they cannot be found or others are wanted.
 * @throws MoonpoolError INVALID_SIMULATION_CLASS, INVALID_OPTION
 */
export function describeSimulation(type: SimulationClass, functions?: TestFunctions): void {
  const { tests } = planSimulation(type);
  // The command line runs what it loads by itself.
  if (collectTestsOf(type) || isDeclaredToMocha(type)) return;
  const runner = findTestRunner(functions);
  noteDeclaredByHand(type);
  runner.declare(
    type.name,
    tests.map((test) => ({
      title: test.method,
      body: () => runUnderTestRunner(type, test, runner.command, runner.currentFile()),
    })),
  );
}
