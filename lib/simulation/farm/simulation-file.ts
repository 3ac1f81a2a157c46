import { existsSync } from 'node:fs';
import { MoonpoolError } from '../../errors/moonpool-error';
import { collectSimulationTests } from '../../metadata/simulation-record';
import { messageOf } from '../../errors/thrown-value';
import { simulationsOf } from '../runner/declared-simulations';
import type { SimulationClass } from '../seed-run/simulation-class';
import { registerTypeScript } from './typescript-loader';

/**
 * Loads a file, compiled or in TypeScript where a loader is installed, and returns the simulation classes that it declares,
 * itself or by what it imports, in the order of their declaration.
 * @throws MoonpoolError INVALID_OPTION when the file cannot be loaded or declares none; MISSING_PACKAGE
 */
export function loadSimulations(file: string): readonly SimulationClass[] {
  if (!existsSync(file))
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The file ${file} does not exist`,
      remedy: 'Name a file with a class that has methods marked @SimulationTest.',
    });
  if (/\.[cm]?tsx?$/.test(file)) registerTypeScript(file);
  let exported: unknown;
  const found = collectSimulationTests(() => {
    exported = load(file);
  });
  const classes = simulationsOf(file, found as readonly SimulationClass[], exported);
  if (classes.length > 0) return classes;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `The file ${file} declares no class with a method marked @SimulationTest`,
    remedy: 'Name the file that declares the class, or mark its methods.',
  });
}

function load(file: string): unknown {
  try {
    return require(file) as unknown;
  } catch (cause) {
    const why = messageOf(cause);
    const remedy = /\b(describe|it) is not defined|\bvitest\b|@jest\/globals/i.test(why)
      ? {
          remedy:
            'Put the simulation class into a file of its own, without describe and it, or declare it with describeSimulation.',
        }
      : { remedy: 'Correct what the file throws while it is loaded.' };
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The file ${file} cannot be loaded: ${why}`,
      cause,
      ...remedy,
    });
  }
}

/** The simulation class of that name. @throws MoonpoolError INVALID_OPTION */
export function loadSimulation(file: string, className: string): SimulationClass {
  const classes = loadSimulations(file);
  const wanted = classes.find(({ name }) => name === className);
  if (wanted !== undefined) return wanted;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `The file ${file} has no simulation class ${className}`,
    remedy: `Name one that it has: ${classes.map(({ name }) => name).join(', ')}.`,
  });
}
