import { MoonpoolError } from '../../errors/moonpool-error';
import { simulationTestsOf } from '../../metadata/simulation-record';
import { hasActors, type SimulationClass } from '../seed-run/simulation-class';

/** The classes among the exports that have tests, be it only by what they extend: no decorator of theirs tells of these. */
export function exportedSimulations(exported: unknown): readonly SimulationClass[] {
  if (exported === null || (typeof exported !== 'object' && typeof exported !== 'function')) return [];
  const values: unknown[] = [exported, ...Object.values(exported)];
  return values.filter(
    (value): value is SimulationClass => typeof value === 'function' && simulationTestsOf(value).length > 0,
  );
}

/** True for a class that lists no actors and only gives its tests to others that extend it. */
export function isBaseOf(type: SimulationClass, others: Iterable<SimulationClass>): boolean {
  if (hasActors(type)) return false;
  for (const other of others) if (other.prototype instanceof type) return true;
  return false;
}

/**
 * The classes of a file that are to be run, each once.
 * @param declared those whose decorators were run while it was loaded. @param exported what it exports.
 * @throws MoonpoolError INVALID_OPTION for two of one name: threads find them by their names, so that one would never be run.
 */
export function simulationsOf(
  file: string,
  declared: Iterable<SimulationClass>,
  exported: unknown,
): readonly SimulationClass[] {
  const all = [...new Set([...declared, ...exportedSimulations(exported)])];
  const classes = all.filter((type) => !isBaseOf(type, all));
  const names = classes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return classes;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `The file ${file} declares two simulation classes with the name '${twice}', itself or by what it imports`,
    remedy: 'Give each a name of its own.',
  });
}
