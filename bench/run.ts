import { measure, type Measurement, type Scenario } from './measurement';
import { activation } from './scenarios/activation';
import { localCalls } from './scenarios/local-calls';
import { persistence } from './scenarios/persistence';
import { remoteCalls } from './scenarios/remote-calls';
import { simulation } from './scenarios/simulation';
import { startUp } from './scenarios/start-up';

const GROUPS = [localCalls, remoteCalls, persistence, activation, startUp, simulation];

/**
 * Measures the scenarios whose names contain the first argument, or all: one JSON line for each, then a table. Figures
 * count as ratios to the baseline of the same run.
 */
async function main(): Promise<void> {
  const [, , wanted = ''] = process.argv;
  const measurements: Measurement[] = [];
  for (const group of GROUPS) {
    const { scenarios, close } = await group();
    for (const scenario of scenarios.filter(({ name }) => name.includes(wanted))) measurements.push(await report(scenario));
    await close();
  }
  process.stdout.write(`\n${table(measurements)}\n`);
  process.exit(measurements.length === 0 ? 1 : 0);
}

async function report(scenario: Scenario): Promise<Measurement> {
  const measurement = await measure(scenario);
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
  return measurement;
}

function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ scenario, subject, baseline, ratio, unit, target }) => [
    scenario,
    `${Math.round(subject).toLocaleString('en')} ${unit}`,
    baseline === undefined ? '-' : Math.round(baseline).toLocaleString('en'),
    ratio === undefined ? '-' : ratio.toFixed(2),
    target === undefined ? '-' : target.toFixed(2),
  ]);
  const all = [['scenario', 'measured', 'baseline', 'ratio', 'aim'], ...rows];
  const widths = (all[0] as string[]).map((_, column) => Math.max(...all.map((row) => (row[column] as string).length)));
  return all.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number))).join('  ')).join('\n');
}

void main();
