import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadSimulations } from '../../lib/simulation/farm/simulation-file';
import { planSimulation } from '../../lib/simulation/seed-run/simulation-class';
import type { SimulationTarget } from '../../lib/cli/simulation-target';

/** The folder of the compiled project. */
export const DIST = join(__dirname, '..', '..');

/** Where simulations of the project stand. */
const FOLDERS = ['samples', 'spec', 'bench'];

/** What is left out, by the beginning of its path, and why. Everything else that is found is run. */
export const LEFT_OUT: readonly { readonly path: string; readonly why: string }[] = [
  { path: 'samples/ticket-office/careless-simulation', why: 'it must fail: the tutorial finds its bug' },
  { path: 'spec/simulation/runner/', why: 'what the runner is tried on: some must fail' },
  { path: 'spec/simulation/farm/', why: 'what the farm is tried on: some must fail, some end their thread' },
  { path: 'spec/simulation/test-runners/', why: 'what the adapters of test runners are tried on' },
  { path: 'spec/metadata/', why: 'what decorators are tried on' },
  { path: 'spec/simulation/cluster/fixtures/', why: 'it measures memory' },
  { path: 'bench/', why: 'it measures the simulation itself, and checks nothing' },
];

/** The compiled files that declare simulation classes, relative to {@link DIST}, without those that are left out. */
export function simulationFiles(): readonly string[] {
  return declaringFiles().filter((file) => LEFT_OUT.every(({ path }) => !file.startsWith(path)));
}

/** All compiled files that declare simulation classes, relative to {@link DIST}. */
export function declaringFiles(): readonly string[] {
  return FOLDERS.flatMap((folder) => filesOf(join(DIST, folder)))
    .filter((file) => /\bSimulationTest\)\(/.test(readFileSync(file, 'utf8')))
    .map((file) => relative(DIST, file))
    .sort();
}

/** Every test of the project's own simulations, each once, though files import each other. */
export function projectSimulations(): readonly SimulationTarget[] {
  const targets = new Map<string, SimulationTarget>();
  for (const name of simulationFiles()) {
    const file = join(DIST, name);
    for (const type of loadSimulations(file)) {
      const plan = planSimulation(type);
      for (const test of plan.tests) {
        const title = `${type.name} ${test.method}`;
        if (!targets.has(title)) targets.set(title, { file, plan, test, title });
      }
    }
  }
  return [...targets.values()];
}

function filesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesOf(path) : entry.name.endsWith('.js') ? [path] : [];
  });
}
