import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteSimulationTest, type SeedSelection, type SimulationOptions } from '../lib/metadata/simulation-record';

/**
 * Marks a method that is run once for each seed, each time on a new simulated cluster, which it is given. Under mocha the
 * class is a suite and each such method a test. Subclasses have the test too.
 */
export function SimulationTest(seeds: SeedSelection, options: SimulationOptions = {}): MethodDecorator {
  refuseBare('@SimulationTest', 'member', arguments);
  return (target, method) => {
    requireExperimentalDecorators('@SimulationTest', method);
    const isStaticMember = typeof target === 'function';
    noteSimulationTest(isStaticMember ? target : target.constructor, {
      method: String(method),
      seeds,
      options,
      isStaticMember,
    });
  };
}
