import { resolve } from 'node:path';
import { MoonpoolError } from '../errors/moonpool-error';
import { CHAOS_LEVELS, type ChaosLevel } from '../simulation/chaos/profile/chaos-profile';
import { loadSimulations } from '../simulation/farm/simulation-file';
import type { SimulationTestRecord } from '../metadata/simulation-record';
import { planSimulation, type SimulationPlan } from '../simulation/seed-run/simulation-class';

/** One test that the command line was asked to run. */
export interface SimulationTarget {
  /** As an absolute path. */
  readonly file: string;
  readonly plan: SimulationPlan;
  readonly test: SimulationTestRecord;
  /** `Class method`. */
  readonly title: string;
}

/**
 * The tests of a compiled file. @param wanted a class, a method or `Class.method`; undefined for all.
 * @throws MoonpoolError INVALID_OPTION
 */
export function findTargets(path: string, wanted: string | undefined): readonly SimulationTarget[] {
  const file = resolve(path);
  const all = loadSimulations(file).flatMap((type) => {
    const plan = planSimulation(type);
    return plan.tests.map((test): SimulationTarget => ({ file, plan, test, title: `${type.name} ${test.method}` }));
  });
  if (wanted === undefined) return all;
  const targets = all.filter(({ plan, test }) =>
    [plan.type.name, test.method, `${plan.type.name}.${test.method}`].includes(wanted),
  );
  if (targets.length > 0) return targets;
  const known = all.map(({ plan, test }) => `${plan.type.name}.${test.method}`).join(', ');
  throw new MoonpoolError('INVALID_OPTION', {
    message: `${path} has no test '${wanted}'`,
    remedy: `Name one that it has: ${known}.`,
  });
}

/** @throws MoonpoolError INVALID_OPTION */
export function parseChaos(text: string): ChaosLevel {
  const level = CHAOS_LEVELS.find((candidate) => candidate === text);
  if (level !== undefined) return level;
  throw new MoonpoolError('INVALID_OPTION', {
    message: `--chaos is '${text}'`,
    remedy: `Give one of ${CHAOS_LEVELS.join(', ')}.`,
  });
}
